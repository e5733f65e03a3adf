package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.layer.Activation;
import ai.transonnx.layer.Linear;
import ai.transonnx.layer.Norm;
import ai.transonnx.op.Scope;
import java.util.List;

/**
 * x-transformers' {@code DynamicPositionBias}: a small network computes each head's bias from the
 * distance. Calls have as many queries as keys.
 *
 * <p>Immutable; threads may share it.
 *
 * @param heads number of heads
 * @param dim number of hidden features of the network
 * @param layers number of hidden layers
 * @param logDistance whether the network's input is the logarithm of the distance
 * @param activation the activation function of hidden features
 * @param norms the norm of each hidden layer's features; empty without
 * @see <a href="https://arxiv.org/abs/2108.00154">CrossFormer</a>
 */
public record DynamicBias(
    int heads, long dim, int layers, boolean logDistance, Activation activation, List<Norm> norms)
    implements PositionBias {
  public DynamicBias {
    norms = List.copyOf(norms);
  }

  @Override
  public Value of(Scope module, Positions positions) {
    var scope = module.inWideType(); // 16-bit floats do not represent large distances exactly
    var count = positions.keyCount(); // [1]
    var last = scope.sub(count, scope.vector(1)); // [1]: the greatest distance
    var dim = positions.j().times(2).plus(-1);
    var steps = scope.range(scope.add(count, last), dim); // [2 * j - 1]
    var distances = scope.cast(scope.sub(steps, last), scope.wideType());
    var seen = logDistance ? logarithm(scope, distances) : distances;
    var x = scope.unsqueeze(seen, 1); // [2 * j - 1, 1]
    var mlp = scope.child("mlp");
    for (int layer = 0; layer < layers; layer++) {
      x = hidden(mlp.child(layer), x, layer); // [2 * j - 1, dim]
    }
    var biases = new Linear(this.dim, heads).of(mlp.child(layers), x); // [2 * j - 1, h]
    var indices = scope.add(positions.distances(), last); // [i, j]
    return positions.lookUp(scope, biases, indices); // [h, i, j]
  }

  @Override
  public boolean isSquare() {
    return true;
  }

  private Value hidden(Scope scope, Value x, int layer) {
    var projected = new Linear(layer == 0 ? 1 : dim, dim).of(scope.child(0), x);
    var scaled = norms.isEmpty() ? projected : norms.get(layer).of(scope.child(1), projected);
    return activation.of(scope, scaled);
  }

  private static Value logarithm(Scope scope, Value distances) {
    var size = scope.log(scope.add(scope.abs(distances), scope.scalar(1f)));
    return scope.mul(scope.sign(distances), size);
  }
}
