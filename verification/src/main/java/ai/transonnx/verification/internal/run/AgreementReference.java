package ai.transonnx.verification.internal.run;

import ai.transonnx.InputException;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.runtime.Signature;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.internal.call.CallModel;
import ai.transonnx.verification.internal.call.CallStates;
import ai.transonnx.verification.internal.call.PlannedCall;
import ai.transonnx.verification.internal.compare.Magnitude;
import ai.transonnx.verification.internal.run.Expected.Bound;
import ai.transonnx.verification.report.VerificationReport.Reference;
import ai.transonnx.verification.runner.LoadedModel;
import ai.transonnx.verification.runner.ModelRunner;
import ai.transonnx.verification.runner.RunnerException;
import ai.transonnx.verification.runner.Runners;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The reference of a file that has no twin in float64: ONNX Runtime in this process without
 * optimizations. One rounding of a tensor's largest magnitude counts as the error that rounding
 * causes, as the file computes: a float32 output of a model in 16 bits has roundings of 16 bits.
 * For one thread.
 */
public final class AgreementReference implements ReferenceModel {
  /** In float32, 512 roundings are 3e-5 of the magnitude, the tolerance of recorded cases. */
  private static final double FACTOR = 512;

  private final Reference description;
  private final Signature signature;
  private final double leastRounding;
  private final CallStates states;
  private final ModelRunner runner;
  private final LoadedModel model;

  private AgreementReference(
      Reference description,
      CallModel facts,
      List<PlannedCall> calls,
      ModelRunner runner,
      LoadedModel model) {
    this.description = description;
    this.signature = facts.signature();
    this.leastRounding = computed(facts);
    this.states = new CallStates(facts.metadata().state(), calls);
    this.runner = runner;
    this.model = model;
  }

  /**
   * Loads the file.
   *
   * @param reason why there is no twin, in one line
   * @throws InputException if ONNX Runtime cannot load the file
   */
  public static AgreementReference open(
      Path file, CallModel facts, List<PlannedCall> calls, String reason) {
    var runner = Runners.open("cpu:none");
    try {
      return new AgreementReference(
          new Reference(Reference.Kind.AGREEMENT, reason), facts, calls, runner, runner.load(file));
    } catch (RunnerException e) {
      runner.close();
      throw unusable(e);
    }
  }

  private static InputException unusable(RunnerException e) {
    return new InputException("there is no reference to compare with: " + e.getMessage(), e);
  }

  @Override
  public Reference description() {
    return description;
  }

  @Override
  public double factor() {
    return FACTOR;
  }

  @Override
  public Expected run(PlannedCall call) {
    var inputs = new HashMap<String, Tensor>(call.inputs());
    inputs.putAll(states.of(call));
    Map<String, Tensor> outputs;
    try {
      outputs = model.run(inputs, signature.outputs().keySet());
    } catch (RunnerException e) {
      throw new InputException(
          "%s (%s): %s".formatted(call.name(), call.description(), e.getMessage()), e);
    }
    states.put(call, outputs);
    var bounds = new HashMap<String, Bound>();
    outputs.forEach((name, tensor) -> bounds.put(name, bound(tensor)));
    return new Expected(outputs, bounds, bounds);
  }

  private Bound bound(Tensor tensor) {
    double rounding =
        tensor.type().isFloatingPoint()
            ? Math.max(leastRounding, unit(tensor.type())) * Math.max(1, Magnitude.of(tensor))
            : 0;
    return new Bound(rounding, FACTOR * rounding);
  }

  /** The rounding of the type in which a file of this project computes matrix products. */
  private static double computed(CallModel facts) {
    var dtype = facts.metadata().entries().getOrDefault(MetadataKey.DTYPE.key(), "");
    return switch (dtype) {
      case "float16" -> unit(ElementType.FLOAT16);
      case "bfloat16" -> unit(ElementType.BFLOAT16);
      default -> 0;
    };
  }

  private static double unit(ElementType type) {
    return switch (type) {
      case FLOAT16 -> 0x1p-11 / 16;
      case BFLOAT16 -> 0x1p-8 / 16;
      case FLOAT32 -> 0x1p-24;
      case FLOAT64 -> 0x1p-53;
      default -> 0;
    };
  }

  @Override
  public void close() {
    model.close();
    runner.close();
  }
}
