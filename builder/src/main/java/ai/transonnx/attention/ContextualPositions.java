package ai.transonnx.attention;

import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Contextual position encoding, x-transformers' {@code CoPE}: the position of a key is the sum of
 * gates, the sigmoids of the scores, of this key and all later ones. The products of the query with
 * embeddings of positions are added to the scores.
 *
 * <p>Immutable; threads may share it.
 *
 * @param headDim number of features of a head
 * @param count number of embeddings
 * @param queryFactor a factor of queries, which undoes the scale of scores
 * @param mixing mixes the scores of all heads before the gates, and masks later keys again; or null
 * @param weighing the embeddings of a position between two integers
 * @see <a href="https://arxiv.org/abs/2405.18719">Contextual Position Encoding</a>
 */
public record ContextualPositions(
    long headDim, int count, double queryFactor, @Nullable ScoreTransform mixing, Weighing weighing)
    implements ScoreTransform {
  private static final double TEMPERATURE = 5e-2;

  /** The embeddings of a position that is not an integer. */
  public enum Weighing {
    /** The embeddings of the integers next to it, interpolated. */
    NEAREST,
    /** All embeddings, weighted by a softmax of their distances. */
    ALL
  }

  @Override
  public Value of(Scope scope, Value scores, ScoreContext context) {
    var module = scope.child("attend").child("cope");
    var gates = scope.sigmoid(scope.widen(mixed(scope, scores, context))); // [b, h, i, j]
    var counted = scope.add(scope.sumOfFollowing(gates, 3), gates);
    var positions = scope.min(counted, scope.scalar(count - 1.0));
    var embeddings =
        module.matrix(module.stored("pos_emb", count, headDim).transposed().times(queryFactor));
    var products = scope.widen(scope.matMul(context.queries(), embeddings)); // [b, h, i, count]
    return scope.add(
        scores,
        weighing == Weighing.NEAREST
            ? nearest(scope, products, positions)
            : all(scope, products, positions));
  }

  @Override
  public boolean needsKeysInOrder() {
    return true;
  }

  private Value mixed(Scope scope, Value scores, ScoreContext context) {
    if (mixing == null) {
      return scores;
    }
    var call = context.call();
    var store = call.cache() == null ? null : call.cache().store();
    var positions =
        store == null
            ? Positions.of(
                scope, scope.size(scores, 2), scores.dim(2), scope.size(scores, 3), scores.dim(3))
            : store.positions();
    var isVisible = scope.greaterOrEqual(positions.distances(), scope.scalar(0L));
    return scope.where(isVisible, mixing.of(scope, scores, context), scope.lowest());
  }

  private Value nearest(Scope scope, Value products, Value positions) {
    var below = scope.cast(positions, ElementType.INT64); // [b, h, i, j]
    var above = scope.min(scope.add(below, scope.scalar(1L)), scope.scalar((long) count - 1));
    var lower = scope.gatherElements(products, below);
    var difference = scope.sub(scope.gatherElements(products, above), lower);
    var fraction = scope.sub(positions, scope.cast(below, scope.wideType()));
    return scope.add(lower, scope.mul(difference, fraction));
  }

  private Value all(Scope scope, Value products, Value positions) {
    var integers = new double[count];
    for (int i = 0; i < count; i++) {
      integers[i] = i;
    }
    var each = scope.constant(Shape.of(count), integers);
    var distances = scope.abs(scope.sub(scope.unsqueeze(positions, 4), each));
    var weights = scope.softmax(scope.mul(distances, scope.scalar(-1 / TEMPERATURE)));
    var columns = scope.unsqueeze(products, 4); // [b, h, i, count, 1]
    return scope.squeeze(scope.matMul(weights, columns), 4); // [b, h, i, j]
  }
}
