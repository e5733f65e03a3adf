package ai.transonnx.op;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.NodeBuilder;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.Value;
import java.util.List;

/**
 * Attention as a single ONNX Runtime operator: {@code softmax(queries * transpose(keys)) * values},
 * without scaling.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 */
public interface Attentions extends Operators {
  /**
   * ONNX Runtime's causal self-attention, which skips the scores that the causal mask hides.
   *
   * @param given the queries of all heads, then the keys, then the values: {@code [b, n, (h + 2 *
   *     g) * d]}
   * @param heads number of query heads, h
   * @param keyHeads number of key and value heads, g, which divides h
   * @param last the index of each sequence's last position: int32 {@code [b]}
   * @param count the number of positions: int32 {@code []}
   * @return {@code [b, n, h * d]}
   */
  default Value groupQueryAttention(Value given, int heads, int keyHeads, Value last, Value count) {
    var packed = operand(given);
    var operation =
        runtimeOperation("GroupQueryAttention")
            .input(packed)
            .omitted()
            .omitted()
            .omitted()
            .omitted()
            .inputs(last, count)
            .attribute("num_heads", heads)
            .attribute("kv_num_heads", keyHeads)
            .attribute("scale", 1f);
    Checks.elements(operation, last, ElementType.INT32);
    Checks.elements(operation, count, ElementType.INT32);
    long features = headFeatures(operation, packed, heads, keyHeads);
    var kept =
        new TensorType(
            packed.elements(),
            Shape.of(packed.dim(0), Dim.of(keyHeads), packed.dim(1), Dim.of(features)));
    var out = new TensorType(packed.elements(), packed.shape().withLast(Dim.of(heads * features)));
    return operation.outputs(List.of(out, kept, kept)).get(0);
  }

  /**
   * ONNX Runtime's causal self-attention with the keys and values of earlier calls, which it
   * extends by those of the call.
   *
   * @param packed the queries of all heads, then the keys, then the values: {@code [b, n, (h + 2 *
   *     g) * d]}
   * @param heads number of query heads, h
   * @param keyHeads number of key and value heads, g, which divides h
   * @param past keys and values of at least as many slots as there are positions after the call:
   *     {@code [b, g, slots, d]}
   * @param last the index of each sequence's last position: int32 {@code [b]}
   * @param count the number of positions after the call, of the longest sequence: int32 {@code []}
   * @return the output {@code [b, n, h * d]}, then keys and values {@code [b, g, slots, d]}
   */
  default List<Value> groupQueryAttention(
      Value packed, int heads, int keyHeads, List<Value> past, Value last, Value count) {
    var operation =
        runtimeOperation("GroupQueryAttention")
            .input(packed)
            .omitted()
            .omitted()
            .inputs(past.get(0), past.get(1))
            .inputs(last, count)
            .attribute("num_heads", heads)
            .attribute("kv_num_heads", keyHeads)
            .attribute("scale", 1f);
    long features = heads * headFeatures(operation, packed, heads, keyHeads);
    Checks.elements(operation, last, ElementType.INT32);
    Checks.elements(operation, count, ElementType.INT32);
    past.forEach(buffer -> Checks.rank(operation, buffer, 4));
    past.forEach(buffer -> Checks.elements(operation, buffer, packed.elements()));
    var out = new TensorType(packed.elements(), packed.shape().withLast(Dim.of(features)));
    return operation.outputs(List.of(out, past.get(0).type(), past.get(1).type()));
  }

  private static long headFeatures(NodeBuilder operation, Value packed, int heads, int keyHeads) {
    Checks.rank(operation, packed, 3);
    long all = heads + 2L * keyHeads;
    if (packed.dim(2).size() % all != 0 || heads % keyHeads != 0) {
      throw operation.error(
          "%s does not pack %s heads of queries and %s of keys and values"
              .formatted(packed.type(), heads, keyHeads));
    }
    return packed.dim(2).size() / all;
  }

  /**
   * ONNX Runtime's attention without a mask: each query attends to every key, of the same sequence
   * or another one.
   *
   * @param queries {@code [b, i, h * d]}
   * @param keys {@code [b, j, h * d]}
   * @param values {@code [b, j, h * e]}
   * @param heads number of heads, h
   * @return {@code [b, i, h * e]}
   */
  default Value multiHeadAttention(Value queries, Value keys, Value values, int heads) {
    var q = operand(queries);
    var k = operand(keys);
    var v = operand(values);
    var operation =
        runtimeOperation("MultiHeadAttention")
            .inputs(q, k, v)
            .attribute("num_heads", heads)
            .attribute("scale", 1f);
    Checks.rank(operation, q, 3);
    Checks.rank(operation, k, 3);
    Checks.rank(operation, v, 3);
    same(operation, q, k, 2);
    same(operation, k, v, 1);
    return operation.output(q.elements(), q.shape().withLast(v.dim(2)));
  }

  private static void same(NodeBuilder operation, Value a, Value b, int axis) {
    if (!a.dim(axis).equals(b.dim(axis))) {
      throw operation.error("%s and %s differ in axis %s".formatted(a.type(), b.type(), axis));
    }
  }
}
