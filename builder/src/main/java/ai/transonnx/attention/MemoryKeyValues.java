package ai.transonnx.attention;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.graph.WeightExpression;
import ai.transonnx.op.Scope;
import java.util.List;

/**
 * Learned memory keys and values, {@code num_mem_kv}, which precede those of the sequence.
 *
 * <p>Immutable; threads may share it.
 *
 * @param count number of memory keys
 * @param heads number of heads
 * @param headDim number of features of a head
 * @see <a href="https://arxiv.org/abs/1907.01470">Augmenting Self-attention with Persistent
 *     Memory</a>
 */
public record MemoryKeyValues(int count, int heads, long headDim) {
  /** Keys and values, each {@code [b, h, j, d]}. */
  public record KeyValues(Value keys, Value values) {}

  /**
   * Prepends the memory keys and values to those of the sequence. Memory keys are normalized as the
   * sequence's keys are.
   */
  public KeyValues before(Scope scope, KeyValues sequence, List<QueryKeyTransform> transforms) {
    var weights = scope.stored("mem_k", heads, count, headDim);
    var keys = memory(scope, weights, transforms);
    var values = values(scope);
    return new KeyValues(
        join(scope, keys, sequence.keys()), join(scope, values, sequence.values()));
  }

  /** The memory keys, which are not normalized: {@code [h, m, d]}. */
  Value keys(Scope scope) {
    return scope.parameter("mem_k", heads, count, headDim);
  }

  /** The memory values: {@code [h, m, d]}. */
  Value values(Scope scope) {
    return scope.parameter("mem_v", heads, count, headDim);
  }

  private static Value memory(
      Scope scope, WeightExpression weights, List<QueryKeyTransform> transforms) {
    return transforms.isEmpty()
        ? scope.parameter(weights)
        : transforms.get(0).memory(scope, weights);
  }

  private Value join(Scope scope, Value weights, Value sequence) {
    Dim batch = sequence.dim(0);
    var shape = Shape.of(batch, Dim.of(heads), Dim.of(count), Dim.of(headDim));
    var sizes = scope.concat(0, scope.size(sequence, 0), scope.vector(heads, count, headDim));
    var repeated = scope.expand(scope.unsqueeze(weights, 0), sizes, shape); // [b, h, m, d]
    return scope.concat(2, repeated, sequence); // [b, h, m + j, d]
  }
}
