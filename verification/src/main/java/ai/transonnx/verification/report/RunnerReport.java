package ai.transonnx.verification.report;

import ai.transonnx.verification.runner.RunnerFingerprint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The results of one runtime. Immutable, so threads may share it.
 *
 * @param name the name in {@code --on}
 * @param status the summary
 * @param message why it is missing or failed to run, in one line; null if every call ran
 * @param install the command that installs a runtime that is not installed; else null
 * @param fingerprint what exactly ran; null if it did not start
 * @param calls the compared calls, in order; empty if none ran
 * @param divergence where a failure begins; null if nothing failed, or it was not searched for
 * @param seconds the time of loading the model and of all calls
 */
public record RunnerReport(
    String name,
    Status status,
    @Nullable String message,
    @Nullable String install,
    @Nullable RunnerFingerprint fingerprint,
    List<CallReport> calls,
    @Nullable Divergence divergence,
    double seconds) {
  /** The summary of a runtime's results. */
  public enum Status {
    /** Every value is within its tolerance. */
    PASSED("passed"),
    /** A value is outside of its tolerance, or a call failed. */
    FAILED("failed"),
    /** The runtime is not installed, and was not required. */
    MISSING("not installed");

    private final String label;

    Status(String label) {
      this.label = label;
    }

    /** The words for readers. */
    public String label() {
      return label;
    }
  }

  public RunnerReport {
    calls = List.copyOf(calls);
  }

  /** The number of tensors in all calls that rounding decides. */
  public long undecided() {
    return calls.stream()
        .flatMap(call -> call.tensors().stream())
        .filter(TensorReport::isUndecided)
        .count();
  }

  /**
   * One compared call.
   *
   * @param call the name of the call in {@link VerificationReport#calls}
   * @param state whose state the call was given; null for a call without state
   * @param seconds the time of the call in the runtime
   * @param tensors the compared outputs and states
   */
  public record CallReport(
      String call, @Nullable StateSource state, double seconds, List<TensorReport> tensors) {
    public CallReport {
      tensors = List.copyOf(tensors);
    }

    /** The call and whose state it continues, such as {@code step 3 (own state)}. */
    public String label() {
      return state == null ? call : "%s (%s)".formatted(call, state.label());
    }

    /** Whether every tensor is within its tolerance. */
    public boolean passed() {
      return tensors.stream().allMatch(TensorReport::passed);
    }
  }

  /** Whose state a call continues. */
  public enum StateSource {
    /** The runtime's own state: shows whether its error grows. */
    OWN("own state"),
    /** The reference's state: shows who causes it. */
    REFERENCE("reference state");

    private final String label;

    StateSource(String label) {
      this.label = label;
    }

    /** The words for readers. */
    public String label() {
      return label;
    }
  }
}
