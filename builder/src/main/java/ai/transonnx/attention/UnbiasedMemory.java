package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * A bias of 0 for learned memory keys, and that of another bias for all other keys.
 *
 * <p>Immutable; threads may share it.
 *
 * @param bias the bias of the other keys
 * @param weights number of learned memory keys, which are the first keys
 */
public record UnbiasedMemory(PositionBias bias, int weights) implements PositionBias {
  @Override
  public Value of(Scope scope, Positions positions) {
    var all = bias.of(scope, positions); // [h, i, j], or [b, h, i, j]
    return scope.where(positions.isBefore(weights), scope.scalar(0f), all);
  }

  @Override
  public boolean isSquare() {
    return bias.isSquare();
  }

  @Override
  public PositionBias ofSequence() {
    return bias;
  }
}
