package ai.transonnx.verification.internal.run;

import ai.transonnx.format.StateTensor;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.internal.call.CallStates;
import ai.transonnx.verification.internal.call.PlannedCall;
import ai.transonnx.verification.report.VerificationReport.Reference;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The expected results of all calls. Their large tensors are in files. For one thread. */
public final class ExpectedCalls {
  private final Reference reference;
  private final double factor;
  private final List<PlannedCall> calls;
  private final Map<String, Expected> results = new LinkedHashMap<>();

  private ExpectedCalls(Reference reference, double factor, List<PlannedCall> calls) {
    this.reference = reference;
    this.factor = factor;
    this.calls = calls;
  }

  /**
   * Computes the expected results. The reference may be closed afterwards.
   *
   * @param folder a temporary folder that lasts longer than this object
   */
  public static ExpectedCalls of(List<PlannedCall> calls, ReferenceModel reference, Path folder) {
    var expected =
        new ExpectedCalls(reference.description(), reference.factor(), List.copyOf(calls));
    var spilled = new SpilledTensors(folder);
    for (var call : calls) {
      var result = reference.run(call);
      expected.results.put(
          call.name(),
          new Expected(spilled.spill(result.outputs()), result.ownState(), result.givenState()));
    }
    return expected;
  }

  /** Where the values come from. */
  public Reference reference() {
    return reference;
  }

  /** The tolerance is this number times the error that rounding alone causes. */
  public double factor() {
    return factor;
  }

  /** The calls, in order. */
  public List<PlannedCall> calls() {
    return calls;
  }

  /** The expected result of a call. */
  public Expected of(PlannedCall call) {
    return Objects.requireNonNull(results.get(call.name()));
  }

  /** The reference's state before a call, in the types of the model. */
  public Map<String, Tensor> stateBefore(PlannedCall call, List<StateTensor> pairs) {
    var states = new CallStates(pairs, calls);
    for (var earlier : calls) {
      if (earlier.equals(call)) {
        break;
      }
      states.put(earlier, of(earlier).outputs());
    }
    var typed = new HashMap<>(states.of(call));
    for (var pair : pairs) {
      if (pair.type().isFloatingPoint()) {
        typed.computeIfPresent(pair.input(), (name, tensor) -> tensor.as(pair.type()));
      }
    }
    return typed;
  }
}
