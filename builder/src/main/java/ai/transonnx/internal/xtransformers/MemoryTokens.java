package ai.transonnx.internal.xtransformers;

import ai.transonnx.attention.PaddingMask;
import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Learned memory tokens before the sequence, {@code num_memory_tokens}. With state, only the first
 * call has them.
 *
 * @see <a href="https://arxiv.org/abs/2006.11527">Memory Transformer</a>
 */
record MemoryTokens(int number, int dim) {
  /**
   * The number of memory tokens in a call.
   *
   * @param value int64 {@code [1]}
   * @param dim the same number as a dimension
   */
  record Count(Value value, Dim dim) {}

  /**
   * The positions of a sequence, not counting memory tokens.
   *
   * @param x {@code [b, n, ...]}
   * @param number the number of memory tokens
   * @return int64 {@code [b, n]}
   */
  static Value positions(Scope scope, StepContext step, Value x, int number) {
    var positions = step.positions(scope, x);
    if (number == 0) {
      return positions;
    }
    var memory = scope.scalar((long) number);
    var isFirst = scope.less(step.position(), memory); // [b]
    return scope.where(scope.unsqueeze(isFirst, 1), positions, scope.sub(positions, memory));
  }

  Count count(Scope scope, @Nullable StepContext step) {
    var all = scope.vector(number);
    if (step == null) {
      return new Count(all, Dim.of(number));
    }
    var before = scope.keptMax(step.position(), 0); // [1]
    var isFirst = scope.equal(before, scope.vector(0));
    return new Count(scope.where(isFirst, all, scope.vector(0)), scope.unknownDim());
  }

  /** Prepends the memory tokens to {@code x} {@code [b, n, dim]}. */
  Value prependTo(Scope scope, Value x, Count count) {
    var weights = scope.parameter("memory_tokens", number, dim);
    var tokens =
        count.dim.is(number)
            ? weights
            : scope.slice(weights, 0, scope.vector(0), count.value, count.dim); // [m, d]
    var sizes = scope.concat(0, scope.size(x, 0), count.value, scope.vector(dim));
    var shape = Shape.of(x.dim(0), count.dim, Dim.of(dim));
    return scope.concat(1, scope.expand(scope.unsqueeze(tokens, 0), sizes, shape), x);
  }

  /** Extends a padding mask {@code [b, n]}, if there is one, by the memory tokens. */
  @Nullable Value extendMask(Scope scope, @Nullable Value mask, Count count) {
    return mask == null ? null : PaddingMask.before(scope, mask, count.value, count.dim);
  }

  /**
   * Removes the memory tokens: keeps the last positions, as many as {@code own} {@code [b, n,
   * ...]}.
   */
  Value removeFrom(Scope scope, Value all, Value own) {
    var end = scope.size(all, 1);
    return scope.slice(all, 1, scope.sub(end, scope.size(own, 1)), end, own.dim(1));
  }
}
