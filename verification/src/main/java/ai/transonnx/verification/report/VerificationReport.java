package ai.transonnx.verification.report;

import ai.transonnx.runtime.Tensor;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The results of verifying one model file. The record's components are the keys of its JSON.
 * Immutable, so threads may share it.
 *
 * @param format the version of this structure, {@link #FORMAT}
 * @param run the program's run that made this report
 * @param model the file
 * @param reference where the expected values come from
 * @param structure whether the file is the model that its metadata describe; null if the metadata
 *     name no configuration
 * @param calls the calls that every runtime was given, in order
 * @param runners the results of each runtime, in the order of the request
 * @param seed the seed of made inputs and of random roundings
 * @param factor the tolerance of an element is this number times the error that rounding alone
 *     causes
 */
public record VerificationReport(
    int format,
    Run run,
    ModelIdentity model,
    Reference reference,
    @Nullable StructureReport structure,
    List<CallInputs> calls,
    List<RunnerReport> runners,
    long seed,
    double factor) {
  /** The current version of the JSON structure. */
  public static final int FORMAT = 1;

  public VerificationReport {
    calls = List.copyOf(calls);
    runners = List.copyOf(runners);
  }

  /** Whether no runtime failed and the structure is right. A missing runtime is not a failure. */
  public boolean passed() {
    return (structure == null || structure.divergence() == null)
        && runners.stream().noneMatch(runner -> runner.status() == RunnerReport.Status.FAILED);
  }

  /**
   * Asserts that no runtime failed and the structure is right.
   *
   * @throws AssertionError if not; the message is {@link #summary}
   */
  public void assertPassed() {
    if (!passed()) {
      throw new AssertionError(summary());
    }
  }

  /** A line for each runtime, and the first difference. */
  public String summary() {
    return new SummaryText(this).text();
  }

  /**
   * The run that made a report.
   *
   * @param tool the name and version of the program, such as {@code transonnx 0.1.0}
   * @param time when the run began, in UTC, such as {@code 2026-11-29T15:40:00Z}
   * @param command the command that repeats the run, with quotes as a shell needs them; null if a
   *     program called the library
   */
  public record Run(String tool, String time, @Nullable String command) {}

  /**
   * The file that was verified.
   *
   * @param file as the user named it
   * @param sha256 of the file, or of the file followed by its external data files, in hexadecimal
   * @param bytes the size of all of these files
   * @param producer the name and version of the program that wrote it
   * @param opset the version of ONNX's operator set
   * @param className the library and class, such as {@code x-transformers TransformerWrapper}; null
   *     for another program's file
   * @param parameters the number of elements of all floating-point weights, also of those that are
   *     stored as integers with scales
   * @param nodes the number of nodes of the main graph
   */
  public record ModelIdentity(
      String file,
      String sha256,
      long bytes,
      String producer,
      int opset,
      @Nullable String className,
      long parameters,
      long nodes) {}

  /**
   * Where the expected values come from.
   *
   * @param kind how strong a statement agreement with them is
   * @param description without a full stop: what computed the expected values, such as {@code the
   *     file's graph in float64}; for agreement, the reason why there is no such computation
   */
  public record Reference(Kind kind, String description) {
    /** The kinds of reference. */
    public enum Kind {
      /** The same computation in float64: agreement is correctness. */
      TRUTH,
      /** Another runtime at its lowest optimization level: agreement is only that. */
      AGREEMENT
    }
  }

  /**
   * One call of the model.
   *
   * @param name unique, such as {@code prefill} or {@code step 3}
   * @param description such as {@code tokens [2, 16], mask [2, 16], empty state}
   * @param sha256 of the inputs other than state, in hexadecimal: reports with equal hashes are
   *     comparable
   */
  public record CallInputs(String name, String description, String sha256) {
    /** A call with these inputs. */
    public static CallInputs of(String name, String description, Map<String, Tensor> inputs) {
      return new CallInputs(name, description, InputHash.of(inputs));
    }
  }
}
