package ai.transonnx.internal.xtransformers;

import ai.transonnx.attention.PaddingMask;
import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/** The combination of the embeddings of all positions. Implementations are immutable. */
public sealed interface Pooling {
  /** Whether embeddings and logits are those of positions. */
  default boolean keepsPositions() {
    return false;
  }

  /** No combination. */
  record None() implements Pooling {
    @Override
    public boolean keepsPositions() {
      return true;
    }
  }

  /** The mean over the positions that are not padding. */
  record Mean() implements Pooling {
    /**
     * Computes the mean.
     *
     * @param x {@code [b, n, d]}
     * @param kept bool {@code [b, n]}, or null
     * @return {@code [b, d]}
     */
    Value of(Scope scope, Value x, @Nullable Value kept) {
      if (kept == null) {
        var count = scope.cast(scope.size(x, 1), scope.wideType()); // [1]
        return scope.div(scope.sum(x, 1), count);
      }
      var weights = scope.cast(scope.unsqueeze(kept, 2), scope.wideType()); // [b, n, 1]
      var sum = scope.sum(scope.mul(x, weights), 1); // [b, d]
      return scope.div(sum, scope.max(scope.sum(weights, 1), scope.scalar(1f)));
    }
  }

  /**
   * The embeddings of learned tokens before the sequence.
   *
   * @param count the number of tokens
   * @param flat whether the weight has no axis of tokens
   */
  record ClassTokens(int count, int dim, boolean flat) implements Pooling {
    /** Prepends the tokens to {@code x} {@code [b, n, d]}. */
    Value prependTo(Scope scope, Value x) {
      var tokens =
          flat
              ? scope.unsqueeze(scope.parameter("cls_token", dim), 0)
              : scope.parameter("cls_token", count, dim); // [count, d]
      var sizes = scope.concat(0, scope.size(x, 0), scope.vector(count, dim));
      var shape = Shape.of(x.dim(0), Dim.of(count), Dim.of(dim));
      return scope.concat(1, scope.expand(scope.unsqueeze(tokens, 0), sizes, shape), x);
    }

    /** Extends a padding mask {@code [b, n]}, if there is one, by the tokens. */
    @Nullable Value extendMask(Scope scope, @Nullable Value mask) {
      return mask == null
          ? null
          : PaddingMask.before(scope, mask, scope.vector(count), Dim.of(count));
    }

    /**
     * Selects the tokens.
     *
     * @return {@code [b, count, d]}, or {@code [b, d]} for one token
     */
    Value of(Scope scope, Value x) {
      var tokens = scope.slice(x, 1, 0, count);
      return count == 1 ? scope.squeeze(tokens, 1) : tokens;
    }
  }

  /** Cross-attention of learned queries, which is an output of its own. */
  record Attended(AttentionPool pool) implements Pooling {
    @Override
    public boolean keepsPositions() {
      return true;
    }
  }
}
