package ai.transonnx.export.internal.sharded;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.weights.Location;
import ai.transonnx.export.weights.WeightFile;

/** The heap that the metadata of all shards together may take. */
final class MetadataBudget {
  /** More than the heap that an entry takes beside its texts. */
  private static final long ENTRY_BYTES = 200;

  private final Location index;
  private final long bytes;
  private long taken;

  /** A quarter of the heap. */
  static MetadataBudget ofHeap(Location index) {
    return new MetadataBudget(index, Runtime.getRuntime().maxMemory() / 4);
  }

  MetadataBudget(Location index, long bytes) {
    this.index = index;
    this.bytes = bytes;
  }

  /**
   * Counts the metadata of a shard.
   *
   * @throws InputException if all shards so far have more than is allowed
   */
  void add(WeightFile shard) {
    shard
        .metadata()
        .forEach((key, value) -> taken += ENTRY_BYTES + 2L * (key.length() + value.length()));
    if (taken > bytes) {
      throw index.error(
          "its shards have more metadata than fit into %s MiB, a quarter of the heap; start Java with a larger -Xmx"
              .formatted(bytes >> 20));
    }
  }
}
