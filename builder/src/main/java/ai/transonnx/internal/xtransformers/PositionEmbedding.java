package ai.transonnx.internal.xtransformers;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Value;
import ai.transonnx.graph.WeightExpression;
import ai.transonnx.layer.Frequencies;
import ai.transonnx.op.Scope;

/** What a wrapper adds to its embeddings for their positions. */
public sealed interface PositionEmbedding {
  /**
   * The embeddings of the positions from 0.
   *
   * @param count how many: int64 {@code [1]}
   * @param n what {@code count} is when the model runs
   * @return {@code [n, d]}
   */
  Value first(Scope scope, Value count, Dim n);

  /**
   * The embeddings of positions.
   *
   * @param positions int64 {@code [b, n]}
   * @return {@code [b, n, d]}
   */
  Value at(Scope scope, Value positions);

  /** A table: the library's {@code AbsolutePositionalEmbedding}. */
  record Learned(int count, int dim, boolean normed) implements PositionEmbedding {
    @Override
    public Value first(Scope scope, Value positions, Dim n) {
      return scope.widen(scope.slice(table(scope), 0, scope.vector(0), positions, n));
    }

    @Override
    public Value at(Scope scope, Value positions) {
      return scope.widen(scope.gather(table(scope), 0, positions));
    }

    private Value table(Scope scope) {
      var weight = scope.child("emb").stored("weight", count, dim);
      return scope.matrix(
          normed ? new WeightExpression.Normalized(weight) : weight.times(1 / Math.sqrt(dim)));
    }
  }

  /** Sines and cosines with a learned factor: the library's {@code ScaledSinusoidalEmbedding}. */
  record Sines(int dim) implements PositionEmbedding {
    @Override
    public Value first(Scope scope, Value count, Dim n) {
      return at(scope, scope.range(count, n));
    }

    @Override
    public Value at(Scope scope, Value positions) {
      int last = positions.rank();
      var places = scope.unsqueeze(scope.cast(positions, ElementType.FLOAT32), last); // [.., n, 1]
      var angles =
          scope.mul(places, scope.constant(Frequencies.of(dim / 2, dim, Frequencies.THETA)));
      var waves = scope.concat(last, scope.sin(angles), scope.cos(angles)); // [.., n, d]
      return scope.mul(waves, scope.parameter("scale", 1));
    }
  }
}
