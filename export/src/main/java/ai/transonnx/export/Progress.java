package ai.transonnx.export;

/**
 * Listens to the progress of an export. An exception that it throws ends the export; no file is
 * left behind.
 *
 * <p>An export calls it from a single thread.
 */
@FunctionalInterface
public interface Progress {
  /** Ignores the progress. */
  Progress NONE = (done, total) -> {};

  /**
   * Reports progress. The thread of the export calls it every few MiB.
   *
   * @param done the number of bytes that are written
   * @param total the number of bytes of all weights
   */
  void update(long done, long total);
}
