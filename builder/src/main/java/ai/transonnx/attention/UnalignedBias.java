package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * A bias that counts the positions of both queries and keys from 0, even if a memory's keys precede
 * the first query: T5's bias in x-transformers 0.21.
 *
 * <p>Immutable; threads may share it.
 *
 * @param bias the bias of aligned positions
 */
public record UnalignedBias(PositionBias bias) implements PositionBias {
  @Override
  public Value of(Scope scope, Positions positions) {
    return bias.of(scope, positions.fromStart());
  }
}
