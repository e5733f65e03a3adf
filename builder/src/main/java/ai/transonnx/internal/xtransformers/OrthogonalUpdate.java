package ai.transonnx.internal.xtransformers;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adds only the part of a layer's output that is orthogonal to the residual. The library takes all
 * positions of a sequence together as one vector. Immutable.
 *
 * @param scaled whether the residual is multiplied by a learned per-feature factor
 * @see <a href="https://arxiv.org/abs/2505.11881">Revisiting Residual Connections</a>
 */
public record OrthogonalUpdate(long dim, boolean scaled) implements Connection {
  private static final double EPSILON = 1e-12;

  @Override
  public Junction open(Scope scope, Value x, @Nullable Value mask) {
    return new Junction(List.of(x), branch -> close(scope, branch, x));
  }

  private Value close(Scope scope, Value branch, Value x) {
    var residual = scaled ? scope.mul(x, scope.parameter("residual_scale", dim)) : x;
    var length = scope.max(norm(scope, residual), scope.scalar(EPSILON)); // [b, 1, 1]
    var unit = scope.div(residual, length); // [b, n, d]
    var product = sum(scope, scope.mul(branch, unit)); // [b, 1, 1]
    return scope.add(residual, scope.sub(branch, scope.mul(product, unit)));
  }

  private static Value norm(Scope scope, Value x) {
    return scope.sqrt(sum(scope, scope.mul(x, x)));
  }

  private static Value sum(Scope scope, Value x) {
    return scope.keptSum(scope.keptSum(x, 2), 1);
  }

  @Override
  public String obstacle() {
    return "'orthog_residual' projects all positions of a sequence together, so that each new"
        + " position changes all earlier ones";
  }
}
