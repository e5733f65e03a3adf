package ai.transonnx.verification.report;

import ai.transonnx.verification.internal.form.Numbers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One output or state tensor of a runtime, compared with the reference. Immutable, so threads may
 * share it.
 *
 * @param name such as {@code logits} or {@code present_keys_0}
 * @param type of the elements, such as {@code float32}
 * @param shape the shape
 * @param magnitude the largest magnitude of the expected elements
 * @param error the largest absolute difference; null if the shapes or types differ
 * @param rounding the largest difference that rounding alone caused in the runs with random
 *     rounding
 * @param tolerance the allowed absolute difference
 * @param ratio the error divided by the tolerance: more than 1 is a failure; infinite (in JSON
 *     {@code "Infinity"}) if the shapes or types differ, or a value is NaN
 * @param status the result of the comparison
 * @param mismatch why the tensors cannot be compared, in one line; else null
 * @param worst the elements with the largest differences, the largest first; a verification keeps
 *     them for tensors that failed, and for the worst of each call
 * @param histogram the errors by magnitude, of the same tensors
 */
public record TensorReport(
    String name,
    String type,
    List<Long> shape,
    double magnitude,
    @Nullable Double error,
    double rounding,
    double tolerance,
    double ratio,
    Status status,
    @Nullable String mismatch,
    List<Element> worst,
    List<MagnitudeBin> histogram) {
  /** The result of a comparison. */
  public enum Status {
    /** The tensor is within its tolerance. */
    PASSED,
    /** The tensor is outside of its tolerance. */
    FAILED,
    /**
     * The tensor differs, but rounding alone changes it as much, such as a choice between nearly
     * equal values: the tolerance is infinite, and the comparison shows nothing.
     */
    UNDECIDED
  }

  public TensorReport {
    shape = List.copyOf(shape);
    worst = List.copyOf(worst);
    histogram = List.copyOf(histogram);
  }

  /** Whether the tensor is not outside of its tolerance. */
  public boolean passed() {
    return status != Status.FAILED;
  }

  /** Whether the tensor differs, and rounding alone can be the cause of any difference. */
  public boolean isUndecided() {
    return status == Status.UNDECIDED;
  }

  /** This result without its elements and its errors by magnitude. */
  public TensorReport withoutDetails() {
    return new TensorReport(
        name, type, shape, magnitude, error, rounding, tolerance, ratio, status, mismatch,
        List.of(), List.of());
  }

  /**
   * One line, such as {@code logits float32 [2, 16]: error 1.2e-3 is 148 times the tolerance
   * 8.1e-6}.
   */
  public String summary() {
    var text = new StringBuilder("%s %s %s: ".formatted(name, type, shape));
    if (error == null) {
      return text.append(mismatch).toString();
    }
    if (isUndecided()) {
      return text.append("error %s is undecided: rounding decides".formatted(Numbers.of(error)))
          .toString();
    }
    text.append(
        "error %s is %s times the tolerance %s"
            .formatted(Numbers.of(error), Numbers.of(ratio), Numbers.of(tolerance)));
    return mismatch == null ? text.toString() : text.append("; ").append(mismatch).toString();
  }

  /**
   * One element.
   *
   * @param index its index in each dimension
   */
  public record Element(List<Long> index, double expected, double actual) {
    public Element {
      index = List.copyOf(index);
    }
  }

  /**
   * The elements whose expected magnitude is from {@code 2^exponent} to below {@code
   * 2^(exponent+1)}.
   *
   * @param count the number of such elements
   * @param maxError the largest difference among them
   * @param meanError the mean difference
   */
  public record MagnitudeBin(int exponent, long count, double maxError, double meanError) {}
}
