package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Two transforms, one after the other.
 *
 * <p>Immutable; threads may share it.
 *
 * @param first transforms the scores
 * @param second transforms the result of the first
 */
public record InSequence(ScoreTransform first, ScoreTransform second) implements ScoreTransform {
  @Override
  public Value of(Scope scope, Value scores, ScoreContext context) {
    return second.of(scope, first.of(scope, scores, context), context);
  }

  @Override
  public boolean isSquare() {
    return first.isSquare() || second.isSquare();
  }

  @Override
  public boolean needsKeysInOrder() {
    return first.needsKeysInOrder() || second.needsKeysInOrder();
  }
}
