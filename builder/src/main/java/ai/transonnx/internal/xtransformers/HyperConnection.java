package ai.transonnx.internal.xtransformers;

import ai.transonnx.graph.Value;
import ai.transonnx.graph.WeightExpression;
import ai.transonnx.layer.LayerNorm;
import ai.transonnx.layer.Rows;
import ai.transonnx.op.Scope;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * A connection of a layer to several residual streams: its input is a mix of the streams, the
 * streams are mixed among each other, and its output is added to each of them with a factor. All
 * factors depend on the streams. Values between layers are {@code [b, n, s, d]}. Immutable.
 *
 * @param streams the number of streams
 * @param views the number of inputs of the layer
 * @see <a href="https://arxiv.org/abs/2409.19606">Hyper-Connections</a>
 */
public record HyperConnection(long dim, int streams, int views, Form form) implements Connection {
  /** How factors are computed. */
  public enum Form {
    /** The dynamic part is a linear function. */
    LINEAR,
    /** The dynamic part is a hyperbolic tangent. */
    TANH,
    /**
     * Factors are sigmoids. The library means to make the mix of the streams doubly stochastic, but
     * normalizes each factor by itself, so that all of them are 1.
     *
     * @see <a href="https://arxiv.org/abs/2512.24880">Manifold-Constrained Hyper-Connections</a>
     */
    SIGMOID
  }

  @Override
  public Junction open(Scope layer, Value x, @Nullable Value mask) {
    var scope = layer.inWideType();
    var norm = new LayerNorm(dim, "weight", 0, false);
    var normed = norm.of(scope.child("norm"), x); // [b, n, s, d]
    var mixed = scope.matMul(scope.transpose(mix(scope, normed), 0, 1, 3, 2), x); // [b, n, t, d]
    boolean isConstant = form == Form.SIGMOID;
    var sizes = isConstant ? ones(views) : LongStream.concat(ones(views), LongStream.of(streams));
    var parts = mixed.dim(2).is(1) ? List.of(mixed) : scope.split(mixed, 2, sizes.toArray());
    var inputs = parts.subList(0, views).stream().map(view -> scope.squeeze(view, 2)).toList();
    var residuals = isConstant ? scope.keptSum(x, 2) : parts.get(views);
    var factors = scope.unsqueeze(factors(scope, normed), 3); // [b, n, s, 1]
    return new Junction(
        inputs, branch -> scope.add(scope.mul(scope.unsqueeze(branch, 2), factors), residuals));
  }

  private static LongStream ones(int count) {
    return Collections.nCopies(count, 1L).stream().mapToLong(Long::longValue);
  }

  /**
   * The weights of streams in the layer's inputs and, unless all are 1, in the mixed streams.
   *
   * @return {@code [b, n, s, t]}
   */
  private Value mix(Scope scope, Value normed) {
    long all = (long) views + streams;
    long used = form == Form.SIGMOID ? views : all;
    var fn = columns(scope.stored("dynamic_alpha_fn", dim, all), used);
    var dynamic = dynamic(scope, normed, fn, "dynamic_alpha_scale");
    var fixed = scope.parameter(columns(scope.stored("static_alpha", streams, all), used));
    var sum = scope.add(dynamic, fixed);
    return form == Form.SIGMOID ? scope.sigmoid(sum) : sum;
  }

  /** The factors of the layer's output in each stream: {@code [b, n, s]}. */
  private Value factors(Scope scope, Value normed) {
    var fn = scope.parameter("dynamic_beta_fn", dim);
    var dynamic = scope.sum(scope.mul(normed, fn), 3); // [b, n, s]
    var activated =
        form == Form.SIGMOID
            ? scope.mul(scope.sigmoid(dynamic), scope.scalar(2f))
            : activated(scope, dynamic);
    var scaled = scope.mul(activated, scope.parameter("dynamic_beta_scale"));
    var sum = scope.add(scaled, scope.parameter("static_beta", streams));
    return form == Form.SIGMOID ? scope.mul(scope.sigmoid(sum), scope.scalar(2f)) : sum;
  }

  private Value dynamic(Scope scope, Value normed, WeightExpression fn, String scale) {
    var rows = scope.gemm(Rows.of(scope, normed), scope.parameter(fn.transposed()));
    var product = Rows.sequences(scope, rows, normed); // [b, n, s, t]
    return scope.mul(activated(scope, product), scope.parameter(scale));
  }

  private Value activated(Scope scope, Value x) {
    return form == Form.TANH ? scope.tanh(x) : x;
  }

  private static WeightExpression columns(WeightExpression matrix, long count) {
    return matrix.shape().dim(1).is(count)
        ? matrix
        : new WeightExpression.Rows(matrix.transposed(), 0, count).transposed();
  }
}
