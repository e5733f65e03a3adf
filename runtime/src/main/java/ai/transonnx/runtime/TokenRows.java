package ai.transonnx.runtime;

/** Rows of tokens that are fed to a model side by side, and the logits of their next tokens. */
public sealed interface TokenRows extends LogitRows permits TokenLoop, BatchedLoop {
  /**
   * Appends tokens to each row and computes the logits of the next one. If it fails, nothing has
   * changed.
   *
   * @param tokens {@code [b, n]}, row-major
   * @throws RequestException if there is no token, the rows are not of equal length, or there are
   *     more tokens than possible; a {@link TokenException} if one is not in the vocabulary
   * @throws BusyException if it is the first call and the wait queue is full (see {@link
   *     ModelOptions#runLimit}); or if another thread uses this object
   * @throws CancelledException if {@code cancellation} ends the call
   * @throws ClosedException if this or the model is closed
   * @throws RunException if ONNX Runtime fails
   */
  void feed(long[] tokens, Cancellation cancellation);

  /**
   * As {@link #feed(long[], Cancellation)}, with an array for each row.
   *
   * @param tokens b rows of n tokens
   */
  void feed(long[][] tokens, Cancellation cancellation);

  /**
   * Independent rows that continue from here: row {@code i} from row {@code rows[i]} of these. A
   * row may be selected several times, or not at all.
   *
   * @throws RequestException if there is no row, or no such row, or the model has a fixed batch
   *     size that is not the number of {@code rows}
   * @throws BusyException if another thread uses this object
   * @throws ClosedException if this or the model is closed
   */
  TokenRows forkRows(int... rows);
}
