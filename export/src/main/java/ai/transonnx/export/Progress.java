package ai.transonnx.export;

/** Hears how far a long piece of work is. What it throws ends the work, and nothing is left. */
@FunctionalInterface
public interface Progress {
  /** Hears nothing. */
  Progress NONE = (done, total) -> {};

  /** So many bytes are done; called by the thread that does the work, after every few of them. */
  void update(long done, long total);
}
