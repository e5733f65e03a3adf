package ai.transonnx.verification.internal.structure;

import ai.transonnx.format.ElementType;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.format.StateTensor;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.internal.call.CallModel;
import ai.transonnx.verification.internal.call.ExactState;
import ai.transonnx.verification.internal.graph.ModelFile;
import ai.transonnx.verification.internal.twin.FloatTwin;
import ai.transonnx.verification.internal.twin.NoTwinException;
import java.nio.file.Path;
import java.util.List;

/**
 * The graph of a file in the form that is compared with its class: in float64, or, if it has an
 * operator without a float64 form, as it is.
 *
 * @param file the file to run
 * @param state its state tensors
 * @param tolerance the largest difference that counts as equal, relative to the magnitude
 * @param isExact whether it computes in float64
 */
record ComparedGraph(Path file, List<StateTensor> state, double tolerance, boolean isExact) {
  private static final double EXACT = 1e-9;

  /** The tolerances of recorded cases. */
  private static final double FLOAT32 = 3e-5;

  private static final double FLOAT16 = 32 * 0x1p-11;
  private static final double BFLOAT16 = 32 * 0x1p-8;

  ComparedGraph {
    state = List.copyOf(state);
  }

  /**
   * The graph of a file.
   *
   * @param folder a temporary folder
   */
  static ComparedGraph of(ModelFile file, CallModel facts, Path folder) {
    var state = facts.metadata().state();
    try {
      var twin = file.write(FloatTwin.of(file.proto()), folder, "structure");
      return new ComparedGraph(twin, ExactState.of(state), EXACT, true);
    } catch (NoTwinException e) {
      return new ComparedGraph(file.file(), state, tolerance(facts), false);
    }
  }

  private static double tolerance(CallModel facts) {
    var dtype = facts.metadata().entries().getOrDefault(MetadataKey.DTYPE.key(), "");
    return switch (ElementType.named(dtype).orElse(ElementType.FLOAT32)) {
      case FLOAT16 -> FLOAT16;
      case BFLOAT16 -> BFLOAT16;
      default -> FLOAT32;
    };
  }

  /** An input in the type that the graph takes. */
  Tensor input(Tensor tensor) {
    return isExact ? ExactState.of(tensor) : tensor;
  }

  /** The magnitude below which differences are absolute: 1 if they are those of float32. */
  double leastMagnitude() {
    return isExact ? 0 : 1;
  }
}
