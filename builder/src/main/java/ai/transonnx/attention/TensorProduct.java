package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Multiplies each head's output by a projection of the input at the query's position, and adds the
 * output.
 *
 * <p>Immutable; threads may share it.
 *
 * @param relation the projection of the input
 * @see <a href="https://arxiv.org/abs/2208.06061">Tensor product attention's relations</a>
 */
public record TensorProduct(HeadProjection relation) implements OutputTransform {
  @Override
  public Value of(Scope scope, Value out, Value x) {
    var r = relation.of(scope, x); // [b, h, n, d]
    return scope.add(scope.mul(out, r), out);
  }
}
