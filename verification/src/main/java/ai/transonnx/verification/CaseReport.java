package ai.transonnx.verification;

import ai.transonnx.InputException;
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
 * What came of verifying one case.
 *
 * @param name the case
 * @param checks how many comparisons were made
 * @param undecided how many of them say nothing, since rounding alone may bring another outcome
 * @param share the worst difference as a share of what is allowed
 * @param failures one line for each comparison that did not agree; a case that could not be run has
 *     the reason
 */
public record CaseReport(
    String name, int checks, int undecided, double share, List<String> failures) {
  public CaseReport {
    failures = List.copyOf(failures);
  }

  public boolean agrees() {
    return failures.isEmpty();
  }

  /**
   * Exports and runs a case, and compares everything that it recorded.
   *
   * @param dialect the operators that each graph is written in
   * @param isRounded whether models of half precision are run as {@link PrecisionEmulation}s
   * @throws DeviceException if the device that {@code options} ask for is not available
   * @throws InputException if there is no place for temporary files
   */
  public static CaseReport of(
      Path folder, ModelOptions options, EmitOptions dialect, boolean isRounded) {
    String name = folder.toString();
    UnaryOperator<Model> changed = isRounded ? PrecisionEmulation::of : UnaryOperator.identity();
    var scratch = Scratch.create(); // where it fails, it does so for every case
    try (scratch) {
      var description = CaseFolder.read(folder);
      name = description.name();
      try (var checks =
          new CaseChecks(
              description, scratch.path(), CaseChecks.loader(options), dialect, changed)) {
        return of(name, checks.all());
      }
    } catch (DeviceException e) {
      throw e; // no case's fault, and every other case's, too
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

  /** The case in a line, then a line for each failure. */
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
