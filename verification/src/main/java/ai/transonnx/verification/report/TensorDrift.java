package ai.transonnx.verification.report;

import ai.transonnx.verification.internal.form.Numbers;
import org.jspecify.annotations.Nullable;

/**
 * A tensor whose error differs between two reports. Immutable, so threads may share it.
 *
 * @param call the call and its state, as {@link RunnerReport.CallReport#label} names them
 * @param name of the tensor
 * @param before null if the earlier report does not have it
 * @param after null if the later report does not have it
 */
public record TensorDrift(
    String call, String name, @Nullable TensorReport before, @Nullable TensorReport after) {
  /** Whether the tensor is outside of its tolerance and was not before. */
  public boolean newlyFails() {
    return after != null && !after.passed() && (before == null || before.passed());
  }

  /** Whether the tensor is within its tolerance and was not before. */
  public boolean newlyPasses() {
    return after != null && after.passed() && before != null && !before.passed();
  }

  /** The change of the error over tolerance; infinite if one of them is not finite or missing. */
  public double change() {
    double change = ratio(after) - ratio(before);
    return Double.isNaN(change) ? Double.POSITIVE_INFINITY : Math.abs(change);
  }

  private static double ratio(@Nullable TensorReport tensor) {
    return tensor == null ? Double.NaN : tensor.ratio();
  }

  /** One line, such as {@code logits in prefill: 0.31 -> 212 times its tolerance}. */
  public String summary() {
    return "%s in %s: %s -> %s times its tolerance"
        .formatted(name, call, text(before), text(after));
  }

  private static String text(@Nullable TensorReport tensor) {
    if (tensor == null) {
      return "none";
    }
    return tensor.isUndecided() ? "undecided" : Numbers.of(tensor.ratio());
  }
}
