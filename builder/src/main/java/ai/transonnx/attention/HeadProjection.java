package ai.transonnx.attention;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.graph.WeightExpression;
import ai.transonnx.layer.Rows;
import ai.transonnx.op.Scope;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A linear layer without a bias that computes the features of several heads.
 *
 * <p>Immutable; threads may share it.
 *
 * @param name the layer's module
 * @param dim number of input features
 * @param heads number of heads
 * @param headDim number of features of a head
 * @param scale a factor of the output, which is multiplied into the weight at export
 * @param splitPairs number of first features of a head that are pairs in the stored weight, and
 *     whose first ones come before the second ones in the output
 */
public record HeadProjection(
    String name, long dim, int heads, long headDim, double scale, long splitPairs) {
  /** A projection whose features have the order of the stored weight. */
  public HeadProjection(String name, long dim, int heads, long headDim, double scale) {
    this(name, dim, heads, headDim, scale, 0);
  }

  /** This projection with the first {@code count} features of a head reordered. */
  HeadProjection withSplitPairs(long count) {
    return new HeadProjection(name, dim, heads, headDim, scale, count);
  }

  /**
   * Applies several projections. Those of the same input are computed by one matrix product if
   * their heads have equally many features.
   */
  static List<Value> all(Scope scope, List<Value> inputs, List<HeadProjection> projections) {
    var projected = new Value[projections.size()];
    for (var input : new LinkedHashSet<>(inputs)) {
      var indices =
          IntStream.range(0, projected.length).filter(i -> inputs.get(i) == input).toArray();
      var outputs = all(scope, input, Arrays.stream(indices).mapToObj(projections::get).toList());
      for (int i = 0; i < indices.length; i++) {
        projected[indices[i]] = outputs.get(i);
      }
    }
    return List.of(projected);
  }

  private static List<Value> all(Scope scope, Value x, List<HeadProjection> projections) {
    long headDim = projections.get(0).headDim;
    boolean alike = projections.stream().allMatch(p -> p.headDim == headDim);
    if (!alike || projections.size() == 1) {
      return projections.stream().map(p -> p.of(scope, x)).toList();
    }
    var weights = projections.stream().map(p -> p.weight(scope)).toList();
    long heads = projections.stream().mapToLong(HeadProjection::heads).sum();
    var projected = project(scope, x, new WeightExpression.Stacked(weights), heads, headDim);
    long[] sizes = projections.stream().mapToLong(HeadProjection::heads).toArray();
    return scope.split(projected, 1, sizes);
  }

  /**
   * The concatenated features of several projections of one input.
   *
   * @param x {@code [b, n, dim]}
   * @return {@code [b, n, features]}
   */
  static Value together(Scope scope, Value x, List<HeadProjection> projections) {
    var weights = projections.stream().map(projection -> projection.weight(scope)).toList();
    var weight = weights.size() == 1 ? weights.get(0) : new WeightExpression.Stacked(weights);
    return Rows.sequences(scope, scope.gemm(Rows.of(scope, x), scope.matrix(weight)), x);
  }

  /** The number of features of all heads. */
  long features() {
    return heads * headDim;
  }

  /**
   * Applies the layer.
   *
   * @param scope the attention's module
   * @param x {@code [b, n, dim]}
   * @return {@code [b, h, n, d]}
   */
  Value of(Scope scope, Value x) {
    return project(scope, x, weight(scope), heads, headDim);
  }

  /** The weight of each head: {@code [1, h, d, dim]}. */
  Value byHead(Scope scope) {
    var shape = Shape.of(1, heads, headDim, dim);
    return scope.reshape(scope.matrix(weight(scope)), scope.vector(1, heads, headDim, dim), shape);
  }

  private WeightExpression weight(Scope scope) {
    var stored = scope.child(name).storedMatrix("weight", features(), dim);
    return (splitPairs == 0 ? stored : new WeightExpression.PairsSplit(stored, headDim, splitPairs))
        .times(scale);
  }

  private static Value project(
      Scope scope, Value x, WeightExpression weight, long heads, long headDim) {
    var rows = Rows.of(scope, x); // [b * n, dim]
    var features = scope.gemm(rows, scope.matrix(weight)); // [b * n, h * d]
    var sizes = scope.concat(0, scope.sizes(x, 0, 2), scope.vector(heads, headDim));
    var shape = Shape.of(x.dim(0), x.dim(1), Dim.of(heads), Dim.of(headDim));
    return scope.transpose(scope.reshape(features, sizes, shape), 0, 2, 1, 3); // [b, h, n, d]
  }
}
