package ai.transonnx.runtime;

import java.util.Optional;

/** Rows that are fed to a model side by side, and the logits of their next tokens. */
public sealed interface LogitRows extends AutoCloseable permits TokenRows, LogitLoop {
  /**
   * Copies the logits of the token that follows row {@code row}.
   *
   * @param target receives {@link #vocabulary} floats; may be longer
   * @throws RequestException if nothing has been fed, there is no such row, or {@code target} is
   *     too short
   */
  void logits(int row, float[] target);

  /**
   * The size of the vocabulary.
   *
   * @throws RequestException if the model leaves it open and nothing has been fed
   */
  int vocabulary();

  /** The reason why a feed recomputed the whole context window, once one did. */
  Optional<String> recomputeReason();

  /** Waits for a call in progress, then frees native memory. A second close has no effect. */
  @Override
  void close();
}
