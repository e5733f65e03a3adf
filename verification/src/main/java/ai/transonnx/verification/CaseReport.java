package ai.transonnx.verification;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.file.TemporaryFolder;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.PrecisionEmulation;
import ai.transonnx.runtime.DeviceException;
import ai.transonnx.runtime.InferenceException;
import ai.transonnx.runtime.ModelOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * The result of verifying one case. Immutable, so threads may share it.
 *
 * @param name the case
 * @param checks the number of comparisons
 * @param undecided the number of them that decide nothing, because rounding alone may change their
 *     result
 * @param share the largest difference as a share of the tolerance
 * @param failures a line for each comparison that did not agree, or the reason why the case could
 *     not be run
 */
public record CaseReport(
    String name, int checks, int undecided, double share, List<String> failures) {
  public CaseReport {
    failures = List.copyOf(failures);
  }

  /** Whether no comparison failed. */
  public boolean agrees() {
    return failures.isEmpty();
  }

  /**
   * Exports and runs a case, and compares all of its recorded outputs.
   *
   * @param emit the opset, target and precision of each graph
   * @throws DeviceException if the device of {@code options} is not available
   * @throws InputException if no temporary folder can be created
   */
  public static CaseReport of(Path folder, ModelOptions options, EmitOptions emit) {
    return of(folder, options, emit, UnaryOperator.identity());
  }

  /**
   * As {@link #of}, but float16 and bfloat16 are emulated with {@link PrecisionEmulation}.
   *
   * @throws DeviceException if the device of {@code options} is not available
   * @throws InputException if no temporary folder can be created
   */
  public static CaseReport ofEmulated(Path folder, ModelOptions options, EmitOptions emit) {
    return of(folder, options, emit, PrecisionEmulation::of);
  }

  private static CaseReport of(
      Path folder, ModelOptions options, EmitOptions emit, UnaryOperator<Model> rewrite) {
    String name = folder.toString();
    var scratch = TemporaryFolder.create(); // its failure concerns every case
    try (scratch) {
      var description = CaseFolder.read(folder);
      name = description.name();
      try (var checks =
          new CaseChecks(description, scratch.path(), CaseChecks.loader(options), emit, rewrite)) {
        return of(name, checks.all());
      }
    } catch (DeviceException e) {
      throw e; // concerns every case
    } catch (InputException | InferenceException e) {
      return new CaseReport(name, 0, 0, 0, List.of(String.valueOf(e.getMessage())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CaseReport of(String name, List<Check> checks) {
    var failures = new ArrayList<String>();
    double share = 0;
    int undecided = 0;
    for (var check : checks) {
      try {
        var comparison = check.run();
        share = Math.max(share, comparison.share());
        undecided += comparison.decided() ? 0 : 1;
        if (!comparison.agrees()) {
          failures.add(check.name() + ": " + comparison.description());
        }
      } catch (DeviceException e) {
        throw e;
      } catch (InputException | InferenceException e) {
        failures.add(check.name() + ": " + e.getMessage());
      } catch (Exception e) {
        throw new IllegalStateException(name + ", " + check.name(), e);
      }
    }
    return new CaseReport(name, checks.size(), undecided, share, failures);
  }

  /** One line for the case, then a line for each further failure. */
  @Override
  public String toString() {
    if (agrees()) {
      return String.format(
          Locale.ROOT,
          "ok    %s: %s checks%s, at most %.1f%% of the tolerance",
          name,
          checks,
          undecided == 0 ? "" : ", " + undecided + " of them undecided",
          share * 100);
    }
    return "FAIL  %s: %s".formatted(name, String.join("\n      ", failures));
  }
}
