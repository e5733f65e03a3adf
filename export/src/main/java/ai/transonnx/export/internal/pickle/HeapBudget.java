package ai.transonnx.export.internal.pickle;

/** Counts the heap that a pickle's values take, and refuses a pickle with too many. */
final class HeapBudget {
  private static final long MAX_TEXT = 64 << 20;

  private final long heap;
  private long taken;
  private long textBytes;

  /**
   * A budget of which nothing is taken.
   *
   * @param heap the bytes that the values may take
   */
  HeapBudget(long heap) {
    this.heap = heap;
  }

  /** Counts heap that is about to be taken. */
  void take(long bytes) {
    taken += bytes;
    if (taken > heap) {
      throw new PickleException(
          "it has more values than fit into %s MiB, half of the heap; start Java with a larger -Xmx"
              .formatted(heap >> 20));
    }
  }

  /** Counts heap that is about to be taken by a string. */
  void takeText(long length) {
    take(2 * length);
    textBytes += length;
    if (textBytes > MAX_TEXT) {
      throw new PickleException("it has more than %s bytes of strings".formatted(MAX_TEXT));
    }
  }
}
