package ai.transonnx.runtime.embedding;

/**
 * The work of an {@link EmbeddingScheduler} at one time.
 *
 * @param waiting the number of sequences in the queue
 * @param computing the number of sequences in the call that runs
 */
public record EmbeddingStatus(int waiting, int computing) {}
