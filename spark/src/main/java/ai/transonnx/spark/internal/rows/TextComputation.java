package ai.transonnx.spark.internal.rows;

import java.util.List;

/** Computes the results of rows with a model. It serves one thread at a time. */
public interface TextComputation extends AutoCloseable {
  /**
   * The results of rows, in their order.
   *
   * @throws ai.transonnx.runtime.CancelledException if the task is cancelled
   */
  List<RowResult> compute(List<TextRow> rows);

  /** Returns the model. A second call has no effect. */
  @Override
  void close();
}
