package ai.transonnx.export.internal.distributed;

import java.util.Arrays;
import java.util.List;

/**
 * A part of a tensor that is stored on its own.
 *
 * @param offsets the position of its first element in the tensor
 */
record Chunk(List<Long> offsets, List<Long> sizes) {
  Chunk(long[] offsets, long[] sizes) {
    this(Arrays.stream(offsets).boxed().toList(), Arrays.stream(sizes).boxed().toList());
  }

  /** Processes that get no part of a small tensor write an empty one. */
  boolean isEmpty() {
    return sizes.contains(0L);
  }
}
