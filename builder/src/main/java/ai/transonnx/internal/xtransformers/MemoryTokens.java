package ai.transonnx.internal.xtransformers;

import ai.transonnx.attention.PaddingMask;
import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Positions before all others that are weights, {@code num_memory_tokens}. In calls that go on,
 * only the first has them.
 *
 * @see <a href="https://arxiv.org/abs/2006.11527">Memory Transformer</a>
 */
record MemoryTokens(int number, int dim) {
  /**
   * How many of them a call has.
   *
   * @param value int64 {@code [1]}
   * @param dim what {@code value} is when the model runs
   */
  record Count(Value value, Dim dim) {}

  Count count(Scope scope, @Nullable StepContext continuation) {
    var all = scope.vector(number);
    if (continuation == null) {
      return new Count(all, Dim.of(number));
    }
    var before = scope.keptMax(continuation.position(), 0); // [1]
    var isFirst = scope.equal(before, scope.vector(0));
    return new Count(scope.where(isFirst, all, scope.vector(0)), scope.unknownDim());
  }

  /** Puts them before the positions {@code x} {@code [b, n, dim]}. */
  Value before(Scope scope, Value x, Count count) {
    var weights = scope.parameter("memory_tokens", number, dim);
    var tokens =
        count.dim.is(number)
            ? weights
            : scope.slice(weights, 0, scope.vector(0), count.value, count.dim); // [m, d]
    var sizes = scope.concat(0, scope.size(x, 0), count.value, scope.vector(dim));
    var shape = Shape.of(x.dim(0), count.dim, Dim.of(dim));
    return scope.concat(1, scope.expand(scope.unsqueeze(tokens, 0), sizes, shape), x);
  }

  /** Puts kept positions before a mask {@code [b, n]}, if there is one. */
  @Nullable Value kept(Scope scope, @Nullable Value mask, Count count) {
    return mask == null ? null : PaddingMask.before(scope, mask, count.value, count.dim);
  }

  /** The positions behind them, as many as {@code own} {@code [b, n, ...]} has. */
  Value behind(Scope scope, Value all, Value own) {
    var end = scope.size(all, 1);
    return scope.slice(all, 1, scope.sub(end, scope.size(own, 1)), end, own.dim(1));
  }
}
