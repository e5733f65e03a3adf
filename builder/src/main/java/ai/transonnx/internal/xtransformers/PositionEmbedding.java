package ai.transonnx.internal.xtransformers;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.graph.WeightExpression;
import ai.transonnx.layer.Frequencies;
import ai.transonnx.op.Scope;

/** Absolute position embeddings. Implementations are immutable. */
public sealed interface PositionEmbedding {
  /**
   * The embeddings of the first positions, from 0.
   *
   * @param count the number of positions: int64 {@code [1]}
   * @param n the same number as a dimension
   * @return {@code [n, d]}
   */
  Value first(Scope scope, Value count, Dim n);

  /**
   * The embeddings of given positions.
   *
   * @param positions int64 {@code [b, n]}
   * @return {@code [b, n, d]}
   */
  Value at(Scope scope, Value positions);

  /**
   * The embeddings of positions that are counted from the start of each sequence.
   *
   * @param positions int64 {@code [n]} or {@code [b, n]}
   * @param start the number of padding positions before each sequence: int64 {@code [b]}
   * @return {@code [b, n, d]}
   */
  Value from(Scope scope, Value positions, Value start);

  /**
   * A learned table, the library's {@code AbsolutePositionalEmbedding}. Immutable.
   *
   * @param normed whether embeddings are l2-normalized
   * @param scale a factor of embeddings that are not
   */
  record Learned(int count, int dim, boolean normed, double scale) implements PositionEmbedding {
    @Override
    public Value first(Scope scope, Value positions, Dim n) {
      return scope.widen(scope.slice(table(scope), 0, scope.vector(0), positions, n));
    }

    @Override
    public Value at(Scope scope, Value positions) {
      return scope.widen(scope.gather(table(scope), 0, positions));
    }

    @Override
    public Value from(Scope scope, Value positions, Value start) {
      var counted = scope.sub(positions, scope.unsqueeze(start, 1)); // [b, n]
      return at(scope, scope.max(counted, scope.scalar(0L)));
    }

    private Value table(Scope scope) {
      var weight = scope.child("emb").stored("weight", count, dim);
      return scope.matrix(normed ? new WeightExpression.Normalized(weight) : weight.times(scale));
    }
  }

  /**
   * Sines and cosines with a learned scale, the library's {@code ScaledSinusoidalEmbedding}.
   * Immutable.
   */
  record Sines(int dim) implements PositionEmbedding {
    @Override
    public Value first(Scope scope, Value count, Dim n) {
      return at(scope, scope.range(count, n));
    }

    @Override
    public Value at(Scope scope, Value positions) {
      int last = positions.rank();
      var indices = scope.unsqueeze(scope.cast(positions, scope.wideType()), last); // [.., n, 1]
      var angles =
          scope.mul(
              indices,
              scope.constant(
                  Shape.of(dim / 2), Frequencies.values(dim / 2, dim, Frequencies.THETA)));
      var waves = scope.concat(last, scope.sin(angles), scope.cos(angles)); // [.., n, d]
      return scope.mul(waves, scope.parameter("scale", 1));
    }

    @Override
    public Value from(Scope scope, Value positions, Value start) {
      return at(scope, scope.sub(positions, scope.unsqueeze(start, 1)));
    }
  }
}
