package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * A bias that takes queries and keys as if both began the sequence, even where keys of a memory
 * stand before them: x-transformers 0.21 has T5's bias so.
 *
 * <p>Immutable; threads may share it.
 */
public record UnalignedBias(PositionBias bias) implements PositionBias {
  @Override
  public Value of(Scope scope, Positions positions) {
    return bias.of(scope, positions.fromStart());
  }
}
