package ai.transonnx.verification;

import ai.transonnx.TransonnxException;
import ai.transonnx.verification.report.QualityResult;

/** An exported model is not as good as its quality gate demands, so it was not written. */
public final class QualityGateException extends TransonnxException {
  private static final long serialVersionUID = 1;

  private final transient QualityResult result;

  QualityGateException(QualityResult result) {
    super(result.candidate() + ": it does not hold its quality gate: " + result.verdict(), null);
    this.result = result;
  }

  /** All figures, with the limits. */
  public QualityResult result() {
    return result;
  }
}
