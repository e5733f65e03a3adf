package ai.transonnx.runtime.embedding;

import ai.transonnx.runtime.RequestException;

/**
 * The limits of an {@link EmbeddingScheduler}.
 *
 * @param maxRows the maximum number of sequences that share a call, 1 or more
 * @param maxWaiting the maximum number of further sequences, 0 or more; a request is accepted as a
 *     whole while there are fewer
 */
public record EmbeddingLimits(int maxRows, int maxWaiting) {
  /**
   * Limits.
   *
   * @throws RequestException if one is out of range
   */
  public EmbeddingLimits {
    if (maxRows < 1 || maxWaiting < 0) {
      throw new RequestException(
          "maxRows is %s and maxWaiting is %s; maxRows must be 1 or more, maxWaiting 0 or more"
              .formatted(maxRows, maxWaiting));
    }
  }

  /** 32 rows, and 1,000 that wait. */
  public static EmbeddingLimits defaults() {
    return new EmbeddingLimits(32, 1000);
  }

  /** The number of sequences from which on requests are refused. */
  long maxOpen() {
    return (long) maxRows + maxWaiting;
  }
}
