package ai.transonnx.runtime;

import java.util.Optional;

/** Rows of tokens that a model is fed side by side, and the logits that follow them. */
public sealed interface TokenRows extends AutoCloseable permits TokenLoop, BatchedLoop {
  /**
   * Appends tokens to each row and computes the logits that follow the last. If it fails, all is as
   * before.
   *
   * @param tokens [b, n], row-major
   * @throws RequestException if these are not as many tokens as there can be, or one is not in the
   *     vocabulary
   * @throws BusyException if it is the first call, and as many wait as {@link
   *     ModelOptions#runLimit} allows; or if another thread uses this
   * @throws CancelledException if {@code cancellation} ends the call
   * @throws ClosedException if this or the model is closed
   * @throws RunException if the runtime fails
   */
  void feed(long[] tokens, Cancellation cancellation);

  /**
   * Reads the logits that follow the last token of row {@code row}.
   *
   * @param into receives one number a token of the vocabulary; longer is allowed
   * @throws RequestException if there is no such row, or {@code into} is shorter than the
   *     vocabulary
   */
  void logits(int row, float[] into);

  /** The size of the vocabulary. */
  int vocabulary();

  /** Why all tokens that the model sees were computed anew by a call, once one did. */
  Optional<String> recomputing();

  /** Waits for a call that runs, then frees what is held natively; a second time has no effect. */
  @Override
  void close();
}
