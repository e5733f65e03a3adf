package ai.transonnx.export.internal.weights;

import ai.transonnx.export.weights.Content;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * The elements of a strided view in row-major order: element {@code i, j, ...} of a tensor is
 * element {@code offset + i * strides[0] + j * strides[1] + ...} of the underlying content.
 */
public final class StridedContent implements Content {
  private final Content elements;
  private final int elementBytes;
  private final long offset;
  private final long[] sizes;
  private final long[] strides;
  private final long count;

  private StridedContent(
      Content elements, int elementBytes, long offset, long[] sizes, long[] strides, long count) {
    this.elements = elements;
    this.elementBytes = elementBytes;
    this.offset = offset;
    this.sizes = sizes;
    this.strides = strides;
    this.count = count;
  }

  /**
   * The elements of a tensor in row-major order. The caller has checked that the content is long
   * enough, with {@link #extent}.
   *
   * @param offset the position of the first element, in elements
   * @param sizes the tensor's sizes, whose product fits a long
   * @param strides the step along each dimension, in elements
   */
  public static Content of(
      Content elements, int elementBytes, long offset, long[] sizes, long[] strides) {
    long count = 1;
    for (long size : sizes) {
      count = Math.multiplyExact(count, size);
    }
    if (count == 0) {
      return elements.part(0, 0);
    }
    var merged = merged(sizes, strides);
    var mergedSizes = merged[0];
    var mergedStrides = merged[1];
    if (mergedSizes.length == 0) {
      return elements.part(offset * elementBytes, elementBytes);
    }
    if (mergedSizes.length == 1 && mergedStrides[0] == 1) {
      return elements.part(offset * elementBytes, count * elementBytes);
    }
    return new StridedContent(elements, elementBytes, offset, mergedSizes, mergedStrides, count);
  }

  /**
   * The number of elements that content must have to contain all elements of a tensor.
   *
   * @throws ArithmeticException if it does not fit a long
   */
  public static long extent(long offset, long[] sizes, long[] strides) {
    long last = offset;
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] == 0) {
        return 0;
      }
      last = Math.addExact(last, Math.multiplyExact(sizes[i] - 1, strides[i]));
    }
    return Math.addExact(last, 1);
  }

  /** The strides of contiguous elements, the last index running fastest. */
  public static long[] rowMajor(long... sizes) {
    var strides = new long[sizes.length];
    long stride = 1;
    for (int i = sizes.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride = Math.multiplyExact(stride, Math.max(1, sizes[i]));
    }
    return strides;
  }

  /** The strides of contiguous elements, the first index running fastest. */
  public static long[] columnMajor(long... sizes) {
    var strides = new long[sizes.length];
    long stride = 1;
    for (int i = 0; i < sizes.length; i++) {
      strides[i] = stride;
      stride = Math.multiplyExact(stride, Math.max(1, sizes[i]));
    }
    return strides;
  }

  /** Drops dimensions of size 1 and merges adjacent dimensions where their strides allow it. */
  private static long[][] merged(long[] sizes, long[] strides) {
    var mergedSizes = new long[sizes.length];
    var mergedStrides = new long[sizes.length];
    int rank = 0;
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] == 1) {
        continue;
      }
      if (rank > 0 && mergedStrides[rank - 1] == strides[i] * sizes[i]) {
        mergedSizes[rank - 1] *= sizes[i];
        mergedStrides[rank - 1] = strides[i];
      } else {
        mergedSizes[rank] = sizes[i];
        mergedStrides[rank] = strides[i];
        rank++;
      }
    }
    return new long[][] {Arrays.copyOf(mergedSizes, rank), Arrays.copyOf(mergedStrides, rank)};
  }

  @Override
  public ByteBuffer slice(long start, int length) {
    Objects.checkFromIndexSize(start, length, count * elementBytes);
    Objects.checkIndex(length, MAX_SLICE + 1);
    long first = start / elementBytes;
    int skipped = (int) (start % elementBytes);
    int needed = (skipped + length + elementBytes - 1) / elementBytes;
    var gathered = ByteBuffer.allocate(needed * elementBytes).order(ByteOrder.LITTLE_ENDIAN);
    gather(first, needed, gathered);
    return gathered.slice(skipped, length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void gather(long first, int needed, ByteBuffer into) {
    int last = sizes.length - 1;
    var index = new long[sizes.length];
    long rest = first;
    long position = offset;
    for (int i = last; i >= 0; i--) {
      index[i] = rest % sizes[i];
      rest /= sizes[i];
      position += index[i] * strides[i];
    }
    for (int left = needed; left > 0; ) {
      int run = (int) Math.min(left, sizes[last] - index[last]);
      gatherRun(position, run, into);
      left -= run;
      index[last] += run;
      position += run * strides[last];
      for (int i = last; i > 0 && index[i] == sizes[i]; i--) {
        position += strides[i - 1] - index[i] * strides[i];
        index[i] = 0;
        index[i - 1]++;
      }
    }
  }

  /** Copies elements along the last dimension, in pieces that span at most one slice. */
  private void gatherRun(long position, int run, ByteBuffer into) {
    long stride = strides[sizes.length - 1];
    int spanned = MAX_SLICE / elementBytes - 1;
    int most = (int) Math.min(run, stride == 0 ? run : spanned / stride + 1);
    for (int done = 0; done < run; done += most) {
      int some = Math.min(most, run - done);
      long start = position + done * stride;
      int step = (int) (stride == 0 || some == 1 ? 0 : stride) * elementBytes;
      int span = (some - 1) * step + elementBytes;
      var slice = elements.slice(start * elementBytes, span);
      if (step == elementBytes) {
        into.put(slice);
      } else {
        for (int i = 0; i < some; i++) {
          copy(slice, i * step, into);
        }
      }
    }
  }

  private void copy(ByteBuffer from, int at, ByteBuffer into) {
    switch (elementBytes) {
      case Integer.BYTES -> into.putInt(from.getInt(at));
      case Short.BYTES -> into.putShort(from.getShort(at));
      case Long.BYTES -> into.putLong(from.getLong(at));
      default -> into.put(from.get(at));
    }
  }
}
