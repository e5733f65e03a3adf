package ai.transonnx.runtime.quality;

import ai.transonnx.runtime.Cancellation;

/** The logits of a model at the positions of a window of tokens, one after the other. */
interface LogitsSource extends AutoCloseable {
  /** Begins a window, whose first position has no past. */
  void start(long[] window, Cancellation cancellation);

  /**
   * The logits at the next position of the window, [V], in an array that the next call may reuse.
   */
  double[] next();

  @Override
  void close();
}
