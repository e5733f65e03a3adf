package ai.transonnx.server.internal;

/** One of the tasks that models are served for: completions or embeddings. Threads may share it. */
public sealed interface ServedTask permits CompletionTask, EmbeddingTask, RefusedTask {
  /** Whether this model is served for the task. */
  default boolean isPossible() {
    return true;
  }

  /**
   * Responds to a request.
   *
   * @throws ApiException if it is refused
   */
  void respond(Exchange exchange, byte[] body);

  /** The number of texts that wait. */
  default int waiting() {
    return 0;
  }

  /** The number of texts that are computed. */
  default int running() {
    return 0;
  }

  /** Refuses later requests, and waits until all others have ended. */
  default void close() {}

  /** Refuses later requests, and ends all others. */
  default void closeNow() {}
}
