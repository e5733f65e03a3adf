package ai.transonnx.verification.internal.run;

import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.internal.call.CallModel;
import ai.transonnx.verification.internal.call.CallStates;
import ai.transonnx.verification.internal.call.PlannedCall;
import ai.transonnx.verification.internal.compare.Magnitude;
import ai.transonnx.verification.internal.compare.TensorComparison;
import ai.transonnx.verification.internal.run.Expected.Bound;
import ai.transonnx.verification.report.RunnerReport.CallReport;
import ai.transonnx.verification.report.RunnerReport.StateSource;
import ai.transonnx.verification.report.TensorReport;
import ai.transonnx.verification.runner.LoadedModel;
import ai.transonnx.verification.runner.RunnerException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Runs all calls in one runtime and compares its results. A call that continues a sequence runs
 * twice, with the runtime's own state and with the reference's. For one thread.
 */
public final class RunnerTrial {
  private static final double RECORDED_SHARE = 3e-5;
  private static final double RECORDED_ROUNDING = 0x1p-24;

  private final CallModel facts;
  private final ExpectedCalls expected;
  private final List<CallReport> reports = new ArrayList<>();
  private @Nullable String failure;

  /** A trial that has run nothing. */
  public RunnerTrial(CallModel facts, ExpectedCalls expected) {
    this.facts = facts;
    this.expected = expected;
  }

  /** Runs the calls until one fails to run. */
  public void run(LoadedModel model) {
    var own = new CallStates(facts.metadata().state(), expected.calls());
    for (var call : expected.calls()) {
      try {
        own.put(call, run(model, call, call.continues() ? StateSource.OWN : null, own.of(call)));
        if (call.continues()) {
          var given = expected.stateBefore(call, facts.metadata().state());
          run(model, call, StateSource.REFERENCE, given);
        }
      } catch (RunnerException e) {
        failure = "%s: %s".formatted(call.name(), e.getMessage());
        return;
      }
    }
  }

  private Map<String, Tensor> run(
      LoadedModel model,
      PlannedCall call,
      @Nullable StateSource source,
      Map<String, Tensor> state) {
    var inputs = new HashMap<String, Tensor>(call.inputs());
    inputs.putAll(state);
    long start = System.nanoTime();
    var outputs = model.run(inputs, facts.signature().outputs().keySet());
    double seconds = (System.nanoTime() - start) / 1e9;
    reports.add(new CallReport(call.name(), source, seconds, compared(call, source, outputs)));
    return outputs;
  }

  private List<TensorReport> compared(
      PlannedCall call, @Nullable StateSource source, Map<String, Tensor> outputs) {
    var result = expected.of(call);
    var bounds = source == StateSource.OWN ? result.ownState() : result.givenState();
    var tensors = new ArrayList<TensorReport>();
    for (var spec : facts.signature().outputs().values()) {
      Bound bound = Objects.requireNonNull(bounds.get(spec.name()));
      tensors.add(
          new TensorComparison(spec.name(), spec.type(), bound.rounding(), bound.tolerance())
              .of(result.output(spec.name()), Objects.requireNonNull(outputs.get(spec.name()))));
    }
    if (source == null) {
      call.recorded().forEach((name, wanted) -> tensors.add(recorded(name, wanted, outputs)));
    }
    return withFewDetails(tensors);
  }

  /** Details of every tensor would make reports of long runs large. */
  private static List<TensorReport> withFewDetails(List<TensorReport> tensors) {
    if (tensors.isEmpty()) {
      return tensors;
    }
    var worst = Collections.max(tensors, Comparator.comparingDouble(TensorReport::ratio));
    return tensors.stream()
        .map(tensor -> tensor.equals(worst) || !tensor.passed() ? tensor : tensor.withoutDetails())
        .toList();
  }

  /** Compares with the values of a golden case, whose tolerance is part of the contract. */
  private TensorReport recorded(String name, Tensor wanted, Map<String, Tensor> outputs) {
    var actual = Objects.requireNonNull(outputs.get(name));
    double magnitude = Math.max(1, Magnitude.of(wanted));
    return new TensorComparison(
            name + " (recorded)",
            actual.type(),
            RECORDED_ROUNDING * magnitude,
            RECORDED_SHARE * magnitude)
        .of(wanted, actual);
  }

  /** The compared calls. */
  public List<CallReport> reports() {
    return List.copyOf(reports);
  }

  /** Why a call could not run, in one line; null if all ran. */
  public @Nullable String failure() {
    return failure;
  }
}
