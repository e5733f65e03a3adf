package ai.transonnx.xtransformers;

import ai.transonnx.attention.KeptPositions;
import ai.transonnx.attention.Masking;
import ai.transonnx.attention.PositionBias;
import ai.transonnx.attention.Positions;
import ai.transonnx.graph.Dim;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * What is added to the scores, once for all layers of a kind: position bias and masks together.
 *
 * @param self in layers that attend to their own sequence, or null
 * @param cross in layers that attend to the context, or null
 */
record AttentionBiases(@Nullable Value self, @Nullable Value cross) {
  static AttentionBiases of(
      Scope scope, AttentionLayersConfig config, Value x, LayerInputs inputs) {
    var layers = config.layers();
    return new AttentionBiases(
        layers.contains(LayerKind.ATTENTION) ? self(scope, config, x, inputs) : null,
        layers.contains(LayerKind.CROSS_ATTENTION) ? cross(scope, config, x, inputs) : null);
  }

  private static @Nullable Value self(
      Scope scope, AttentionLayersConfig config, Value x, LayerInputs inputs) {
    var before = Before.of(scope, config, inputs);
    var options = config.options();
    var positionBias =
        options
            .biases()
            .bias(options.heads(), config.dim(), options.attention().dimHead(), config.isCausal());
    var maxPast = options.attention().maxAttendPast();
    var masking = new Masking(scope);
    var keys = inputs.selfAttnContextMask() != null ? inputs.selfAttnContextMask() : inputs.mask();
    if (keys != null) {
      masking.allowKeys(before.pad(scope, keys));
    }
    if (inputs.attnMask() != null) {
      masking.allow(inputs.attnMask());
    }
    if (positionBias == null && maxPast == null && !config.isCausal()) {
      return masking.bias(null);
    }
    var positions = before.positions(scope, x);
    if (maxPast != null) {
      masking.maxPast(positions, maxPast);
    }
    if (config.isCausal()) {
      masking.causal(positions);
    }
    return masking.bias(bias(scope.child("rel_pos"), positionBias, positions));
  }

  private static @Nullable Value bias(
      Scope scope, @Nullable PositionBias bias, Positions positions) {
    return bias == null ? null : bias.of(scope, positions);
  }

  private static @Nullable Value cross(
      Scope scope, AttentionLayersConfig config, Value x, LayerInputs inputs) {
    var context = inputs.context() == null ? x : inputs.context();
    var before = Before.of(scope, config, inputs.withMemories(java.util.List.of()));
    var masking = new Masking(scope);
    var keys = inputs.contextMask();
    if (keys == null && inputs.context() == null) {
      keys = inputs.mask();
    }
    if (keys != null) {
      masking.allowKeys(before.pad(scope, keys));
    }
    var maxPast = config.options().attention().maxAttendPast();
    if (maxPast != null) {
      masking.maxPast(before.positions(scope, x, context), maxPast);
    }
    return masking.bias(null);
  }

  /**
   * Keys before those of the sequence: of the memory, and those that are weights.
   *
   * @param count int64 {@code [1]}
   */
  private record Before(Value count, Dim dim) {
    static Before of(Scope scope, AttentionLayersConfig config, LayerInputs inputs) {
      int weights = config.options().attention().numMemKv();
      if (inputs.memories().isEmpty()) {
        return new Before(scope.vector(weights), Dim.of(weights));
      }
      var memory = inputs.memories().get(0);
      var past = scope.size(memory, 1);
      return new Before(
          weights == 0 ? past : scope.add(past, scope.vector(weights)),
          memory.dim(1).plus(weights));
    }

    Value pad(Scope scope, Value kept) {
      return dim.is(0) ? kept : KeptPositions.before(scope, kept, count, dim);
    }

    Positions positions(Scope scope, Value x) {
      return positions(scope, x, x);
    }

    Positions positions(Scope scope, Value x, Value keyInput) {
      var sequence = scope.size(keyInput, 1);
      var keyCount = dim.is(0) ? sequence : scope.add(sequence, count);
      var queryCount = keyInput == x ? sequence : scope.size(x, 1);
      return Positions.of(scope, queryCount, x.dim(1), keyCount, keyInput.dim(1).plus(dim));
    }
  }
}
