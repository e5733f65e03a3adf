package ai.transonnx.spark.internal.rows;

import ai.transonnx.runtime.InferenceException;
import ai.transonnx.runtime.MemoryLimitException;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.RunException;

/** Tells failures that a row causes from those of the model, the node or the task. */
final class RowFailure {
  private RowFailure() {}

  /** The reason why a row is invalid. */
  static String reason(InferenceException failure) {
    if (failure instanceof RequestException
        || failure instanceof RunException
        || failure instanceof MemoryLimitException) {
      return failure.getMessage();
    }
    throw failure;
  }
}
