package ai.transonnx.verification.internal.run;

import ai.transonnx.runtime.Tensor;
import java.util.Map;

/**
 * Returns the memory of large results that nobody reads any more, before native code needs it. The
 * JVM alone collects them only when its heap is full, whose limit is often far higher than the
 * memory that a model needs. For one thread.
 */
public final class HeapMemory {
  private static final long LARGE = 64 << 20;

  private long uncollected;

  /** Counts the results of a run. */
  public Map<String, Tensor> returned(Map<String, Tensor> results) {
    results.values().forEach(tensor -> uncollected += tensor.data().remaining());
    return results;
  }

  /** Collects results that are no longer in use, if those since the last time are large. */
  public void beforeRun() {
    if (uncollected >= LARGE) {
      System.gc();
      uncollected = 0;
    }
  }
}
