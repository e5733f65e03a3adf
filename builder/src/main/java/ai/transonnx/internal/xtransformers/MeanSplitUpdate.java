package ai.transonnx.internal.xtransformers;

import ai.transonnx.graph.Value;
import ai.transonnx.layer.Linear;
import ai.transonnx.op.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Adds a layer's output in two parts with factors of their own: its differences from the mean over
 * the positions of a sequence, and the difference of its mean from that of the residual. Immutable.
 *
 * @param learned whether the factors are linear functions of the mean of the layer's output, rather
 *     than weights
 * @param masked whether the means leave out padding
 * @see <a href="https://arxiv.org/abs/2605.06169">MV-Split residual updates</a>
 */
public record MeanSplitUpdate(long dim, boolean learned, boolean masked) implements Connection {
  @Override
  public Junction open(Scope scope, Value x, @Nullable Value mask) {
    return new Junction(List.of(x), branch -> close(scope, branch, x, masked ? mask : null));
  }

  private Value close(Scope scope, Value branch, Value residual, @Nullable Value mask) {
    var kept = mask == null ? null : scope.where(mask, scope.scalar(1f), scope.scalar(0f));
    var mean = mean(scope, branch, kept); // [b, 1, d]
    var difference = scope.sub(mean, mean(scope, residual, kept));
    var own = scope.mul(scope.sub(branch, mean), factor(scope, "beta", mean));
    var ofMeans = scope.mul(difference, factor(scope, "alpha", mean));
    return scope.add(scope.add(residual, own), ofMeans);
  }

  private Value factor(Scope scope, String name, Value mean) {
    return learned
        ? new Linear(dim, dim).of(scope.child("to_" + name), mean)
        : scope.parameter(name, dim);
  }

  /**
   * The mean over positions.
   *
   * @param kept 1 at positions that are not padding, 0 at others: {@code [b, n]}; null for all 1
   */
  private static Value mean(Scope scope, Value x, @Nullable Value kept) {
    if (kept == null) {
      var count = scope.cast(scope.size(x, 1), x.elements());
      return scope.div(scope.keptSum(x, 1), count);
    }
    var weights = scope.unsqueeze(kept, 2); // [b, n, 1]
    var count = scope.max(scope.keptSum(weights, 1), scope.scalar(1f)); // [b, 1, 1]
    return scope.div(scope.keptSum(scope.mul(x, weights), 1), count);
  }

  @Override
  public String obstacle() {
    return "'mv_split_residual' depends on the mean of all positions, so that each new position"
        + " changes all earlier ones";
  }
}
