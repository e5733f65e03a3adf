package ai.transonnx.verification.internal.call;

import ai.transonnx.format.ElementType;
import ai.transonnx.format.StateTensor;
import ai.transonnx.runtime.Tensor;
import java.util.List;

/** State and other tensors of a model as its twin in float64 has them. */
public final class ExactState {
  private ExactState() {}

  /** The state with float64 in place of every other floating-point type. */
  public static List<StateTensor> of(List<StateTensor> pairs) {
    return pairs.stream().map(ExactState::of).toList();
  }

  private static StateTensor of(StateTensor pair) {
    return pair.type().isFloatingPoint()
        ? new StateTensor(
            pair.input(),
            pair.output(),
            ElementType.FLOAT64,
            pair.shape(),
            pair.first(),
            pair.role())
        : pair;
  }

  /** The tensor, in float64 if it is of another floating-point type. */
  public static Tensor of(Tensor tensor) {
    return tensor.type().isFloatingPoint() ? tensor.as(ElementType.FLOAT64) : tensor;
  }
}
