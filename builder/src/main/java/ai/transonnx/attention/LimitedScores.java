package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.layer.SoftClamp;
import ai.transonnx.op.Scope;

/**
 * Limits scores smoothly.
 *
 * <p>Immutable; threads may share it.
 */
public record LimitedScores(SoftClamp clamp) implements ScoreTransform {
  @Override
  public Value of(Scope scope, Value scores, ScoreContext context) {
    return clamp.of(scope, scores);
  }
}
