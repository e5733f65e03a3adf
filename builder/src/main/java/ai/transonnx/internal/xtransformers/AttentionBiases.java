package ai.transonnx.internal.xtransformers;

import ai.transonnx.attention.ContextCache;
import ai.transonnx.attention.KeyValueCache;
import ai.transonnx.attention.Masking;
import ai.transonnx.attention.PaddingMask;
import ai.transonnx.attention.Positions;
import ai.transonnx.attention.ScoreBias;
import ai.transonnx.format.Dim;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The position biases and masks that are added to attention scores. They are computed once and
 * shared by all layers of a kind.
 *
 * @param self the bias of self-attention, or null
 * @param cross the bias of cross-attention, or null
 */
record AttentionBiases(@Nullable ScoreBias self, @Nullable ScoreBias cross) {
  static AttentionBiases of(
      Scope scope, StackPlan plan, Value x, LayerInputs inputs, AttentionCaches caches) {
    boolean attendsSelf = plan.selfAttentions() > 0;
    boolean attendsContext = plan.crossAttentions() > 0;
    return new AttentionBiases(
        attendsSelf ? self(scope, plan, x, inputs, caches.self()) : null,
        attendsContext ? cross(scope, plan.cross(), x, inputs, caches.cross()) : null);
  }

  private static @Nullable ScoreBias self(
      Scope scope, StackPlan plan, Value x, LayerInputs inputs, @Nullable KeyValueCache cache) {
    var attention = plan.self();
    var prefix = KeyPrefix.of(scope, attention.memoryKeys(), inputs);
    var masking = new Masking(scope);
    if (inputs.selfAttnContextMask() != null) {
      var weights = KeyPrefix.of(scope, attention.memoryKeys(), inputs.withMemories(List.of()));
      masking.allowKeys(weights.pad(scope, inputs.selfAttnContextMask()));
    } else if (inputs.mask() != null) {
      var own = prefix.pad(scope, inputs.mask());
      masking.allowKeys(cache == null ? own : cache.kept(scope, own));
    }
    if (inputs.attnMask() != null) {
      masking.allow(pairs(scope, attention, inputs.attnMask()));
    }
    var queries = attention.padding().masksQueries() ? inputs.mask() : null;
    if (attention.bias() == null && !attention.distances().areLimited() && queries == null) {
      boolean onlyCausal =
          inputs.bounds().prefix() == null
              && prefix.dim().is(0)
              && masking.hidesNothing()
              && !attention.parts().scores().separatesMask();
      if (!plan.masksLater()) {
        zeroEmptyRows(masking, attention, inputs.attnMask(), inputs.selfAttnContextMask());
        return bias(masking, attention, null);
      } else if (onlyCausal && cache != null) {
        return cache.causality(scope, x);
      } else if (onlyCausal && !x.dim(1).is(1)) {
        return Masking.causality(scope, x, () -> prefix.positions(scope, x, x));
      }
    }
    var positions = cache == null ? prefix.positions(scope, x, x) : cache.positions();
    if (queries != null) {
      masking.allowQueries(queries, positions.keys(), attention.memoryKeys());
    }
    attention.distances().mask(masking, positions, attention);
    if (cache != null) {
      cache.hide(masking);
    }
    if (plan.masks().attendsPrefix()) {
      maskAfterPrefix(masking, positions, attention, inputs);
    }
    if (attention.emptyRows() == EmptyRows.ZERO_BY_MASK) {
      zeroEmptyRows(masking, attention, inputs.attnMask(), inputs.selfAttnContextMask());
    }
    if (plan.causal()) {
      masking.causal(positions);
    }
    if (attention.emptyRows() == EmptyRows.ZERO) {
      zeroEmptyRows(masking, attention, inputs.attnMask(), inputs.selfAttnContextMask());
    }
    return bias(masking, attention, positionBias(scope, attention, positions, inputs));
  }

  private static @Nullable Value positionBias(
      Scope scope, AttentionPlan attention, Positions positions, LayerInputs inputs) {
    var bias = attention.bias();
    if (bias == null || inputs.positions() == null) {
      return bias == null ? null : bias.of(scope.child("rel_pos"), positions);
    }
    var given = Positions.given(scope, inputs.positions());
    var own = bias.ofSequence().of(scope.child("rel_pos"), given); // [h, n, n], or [b, h, n, n]
    int leading = attention.memoryKeys();
    return leading == 0 ? own : scope.pad(own, own.rank() - 1, leading, 0);
  }

  /** Masks keys after the query that are not in the prefix, which is part of the mask of pairs. */
  private static void maskAfterPrefix(
      Masking masking, Positions positions, AttentionPlan attention, LayerInputs inputs) {
    var prefix = inputs.bounds().prefix();
    if (prefix == null) {
      masking.causal(positions);
    } else {
      masking.causalAfter(positions, prefix, attention.memoryKeys());
    }
  }

  /** A mask of pairs of queries and keys, extended by a key of zeros if there is one. */
  private static Value pairs(Scope scope, AttentionPlan attention, Value allowed) {
    return attention.zeroKeys() == 0 ? allowed : PaddingMask.beforeKeys(scope, allowed);
  }

  /** Makes outputs zero whose keys are all masked, if one of some masks may mask all of them. */
  private static void zeroEmptyRows(
      Masking masking, AttentionPlan attention, @Nullable Value... masks) {
    if (attention.emptyRows() != EmptyRows.UNIFORM
        && attention.zeroKeys() == 0
        && Arrays.stream(masks).anyMatch(Objects::nonNull)) {
      masking.zeroEmptyRows();
    }
  }

  private static @Nullable ScoreBias bias(
      Masking masking, AttentionPlan attention, @Nullable Value bias) {
    return attention.parts().scores().separatesMask() ? masking.separate(bias) : masking.bias(bias);
  }

  private static @Nullable ScoreBias cross(
      Scope scope,
      AttentionPlan attention,
      Value x,
      LayerInputs inputs,
      @Nullable ContextCache cache) {
    var context = inputs.context() == null ? x : inputs.context();
    var prefix = KeyPrefix.of(scope, attention.memoryKeys(), inputs.withMemories(List.of()));
    var masking = new Masking(scope);
    var keys = inputs.contextMask();
    if (keys == null && (inputs.context() == null || attention.padding().masksContext())) {
      keys = inputs.mask();
    }
    if (keys != null) {
      var own = keys;
      masking.allowKeys(
          cache == null
              ? prefix.pad(scope, own)
              : cache.kept(scope, inner -> prefix.pad(inner, own)));
    }
    var queries = attention.padding().masksQueries() ? inputs.mask() : null;
    if (!attention.distances().areLimited() && queries == null) {
      return cross(masking, attention, inputs);
    }
    var positions = prefix.positions(scope, x, context);
    if (queries != null) {
      masking.allowQueries(queries, positions.keys(), attention.memoryKeys());
    }
    attention.distances().mask(masking, positions, attention);
    return cross(masking, attention, inputs);
  }

  private static @Nullable ScoreBias cross(
      Masking masking, AttentionPlan attention, LayerInputs inputs) {
    zeroEmptyRows(masking, attention, inputs.contextMask());
    if (attention.parts().scores().isInverted() && inputs.mask() != null) {
      masking.allowQueries(inputs.mask());
    }
    return bias(masking, attention, null);
  }

  /**
   * The keys that precede those of the sequence: learned memory keys and keys of the Transformer-XL
   * memory.
   *
   * @param count the number of keys: int64 {@code [1]}
   * @param dim the same number as a dimension
   */
  private record KeyPrefix(Value count, Dim dim) {
    static KeyPrefix of(Scope scope, int weights, LayerInputs inputs) {
      if (inputs.memories().isEmpty()) {
        return new KeyPrefix(scope.vector(weights), Dim.of(weights));
      }
      var memory = inputs.memories().get(0);
      var past = scope.size(memory, 1);
      return new KeyPrefix(
          weights == 0 ? past : scope.add(past, scope.vector(weights)),
          memory.dim(1).plus(weights));
    }

    /** Extends a padding mask by these keys, which are never padding. */
    Value pad(Scope scope, Value kept) {
      return dim.is(0) ? kept : PaddingMask.before(scope, kept, count, dim);
    }

    Positions positions(Scope scope, Value x, Value keyInput) {
      var sequence = scope.size(keyInput, 1);
      var keyCount = dim.is(0) ? sequence : scope.add(sequence, count);
      var queryCount = keyInput == x ? sequence : scope.size(x, 1);
      return Positions.of(scope, queryCount, x.dim(1), keyCount, keyInput.dim(1).plus(dim));
    }
  }
}
