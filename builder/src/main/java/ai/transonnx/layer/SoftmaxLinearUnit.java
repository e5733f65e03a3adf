package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * x-transformers' {@code SoLU}: features times their softmax, normalized.
 *
 * <p>Immutable; threads may share it.
 *
 * @see <a href="https://transformer-circuits.pub/2022/solu/index.html">Softmax Linear Units</a>
 */
public record SoftmaxLinearUnit(Norm norm) implements ActivationModule {
  @Override
  public Value of(Scope parent, String name, Value x) {
    var module = parent.child(name);
    return norm.of(module.child("norm"), module.mul(module.softmax(x), x));
  }
}
