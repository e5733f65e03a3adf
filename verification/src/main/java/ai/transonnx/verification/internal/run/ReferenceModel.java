package ai.transonnx.verification.internal.run;

import ai.transonnx.verification.internal.call.PlannedCall;
import ai.transonnx.verification.report.VerificationReport.Reference;

/** Computes the expected results of calls, in their order. For one thread. */
public interface ReferenceModel extends AutoCloseable {
  /** Where the values come from. */
  Reference description();

  /** The tolerance is this number times the error that rounding alone causes. */
  double factor();

  /**
   * The expected result of the next call.
   *
   * @throws ai.transonnx.InputException if the model cannot compute the call
   */
  Expected run(PlannedCall call);

  @Override
  void close();
}
