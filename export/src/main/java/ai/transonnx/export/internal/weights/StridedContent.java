package ai.transonnx.export.internal.weights;

import ai.transonnx.export.weights.Content;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * The elements of a strided view in row-major order: element {@code i, j, ...} of a tensor is
 * element {@code offset + i * strides[0] + j * strides[1] + ...} of the underlying content.
 *
 * <p>A slice is gathered in runs along the dimension with the smallest stride, so that reading the
 * whole view reads little more of the underlying content than its elements, in whatever order.
 */
public final class StridedContent implements Content {
  /** The largest distance of elements that are read with the bytes between them. */
  private static final int NEAR = 512;

  private final Content elements;
  private final int elementBytes;
  private final long offset;
  private final long[] sizes;
  private final long[] strides;

  /** The number of elements for each index of a dimension. */
  private final long[] inner;

  private final long count;

  private StridedContent(
      Content elements, int elementBytes, long offset, long[] sizes, long[] strides, long count) {
    this.elements = elements;
    this.elementBytes = elementBytes;
    this.offset = offset;
    this.sizes = sizes;
    this.strides = strides;
    this.inner = rowMajor(sizes);
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
    if (elements instanceof BigEndianContent swapped) {
      return BigEndianContent.of(
          of(swapped.elements(), elementBytes, offset, sizes, strides), elementBytes);
    }
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
   * The elements of a transposed matrix.
   *
   * @param matrix its elements row by row, {@code [height, width]}
   */
  public static Content transposed(Content matrix, int elementBytes, long height, long width) {
    if (matrix instanceof BigEndianContent swapped) {
      return BigEndianContent.of(
          transposed(swapped.elements(), elementBytes, height, width), elementBytes);
    }
    var sizes = new long[] {width, height};
    if (matrix instanceof StridedContent view
        && Arrays.equals(view.sizes, new long[] {height, width})) {
      var strides = new long[] {view.strides[1], view.strides[0]};
      return of(view.elements, elementBytes, view.offset, sizes, strides);
    }
    return of(matrix, elementBytes, 0, sizes, new long[] {1, width});
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
  public long repeatedBytes() {
    long distinct = 1;
    for (int i = 0; i < sizes.length; i++) {
      distinct *= strides[i] == 0 ? 1 : sizes[i];
    }
    return (count - Math.min(distinct, extent(0, sizes, strides))) * elementBytes;
  }

  @Override
  public ByteBuffer slice(long start, int length) {
    Objects.checkFromIndexSize(start, length, count * elementBytes);
    Objects.checkIndex(length, MAX_SLICE + 1);
    long first = start / elementBytes;
    int skipped = (int) (start % elementBytes);
    int needed = (skipped + length + elementBytes - 1) / elementBytes;
    var gathered = ByteBuffer.allocate(needed * elementBytes).order(ByteOrder.LITTLE_ENDIAN);
    gather(0, offset, first, needed, gathered, 0);
    return gathered.slice(skipped, length).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Copies elements of the part of the tensor that begins at {@code position} and has the
   * dimensions from {@code axis} on: the end of one index, then whole ones, then the start of one.
   */
  private void gather(int axis, long position, long first, int many, ByteBuffer into, int at) {
    long index = first / inner[axis];
    long skipped = first % inner[axis];
    int done = 0;
    if (skipped > 0) {
      done = (int) Math.min(many, inner[axis] - skipped);
      gather(axis + 1, position + index * strides[axis], skipped, done, into, at);
      index++;
    }
    int whole = (int) ((many - done) / inner[axis]);
    if (whole > 0) {
      box(axis, position + index * strides[axis], whole, into, at + done);
      done += whole * (int) inner[axis];
    }
    if (done < many) {
      gather(axis + 1, position + (index + whole) * strides[axis], 0, many - done, into, at + done);
    }
  }

  /** Copies {@code whole} indices of one dimension, and all of those after it. */
  private void box(int axis, long position, int whole, ByteBuffer into, int at) {
    var extents = Arrays.copyOfRange(sizes, axis, sizes.length);
    extents[0] = whole;
    int along = axis + runAxis(axis, extents);
    var index = new long[extents.length];
    while (true) {
      long from = position;
      int to = at;
      for (int i = 0; i < index.length; i++) {
        from += index[i] * strides[axis + i];
        to += (int) (index[i] * inner[axis + i]);
      }
      run(from, strides[along], (int) extents[along - axis], into, to, (int) inner[along]);
      int next = index.length - 1;
      while (next >= 0 && (next == along - axis || index[next] + 1 == extents[next])) {
        index[next--] = 0;
      }
      if (next < 0) {
        return;
      }
      index[next]++;
    }
  }

  /** The dimension with the smallest stride, not counting repetitions, whose stride is 0. */
  private int runAxis(int axis, long[] extents) {
    int best = extents.length - 1;
    for (int i = extents.length - 1; i >= 0; i--) {
      long stride = strides[axis + i];
      long least = extents[best] == 1 ? 0 : strides[axis + best];
      if (extents[i] > 1 && stride > 0 && (least == 0 || stride < least)) {
        best = i;
      }
    }
    return best;
  }

  /** Copies elements that are {@code stride} apart to offsets that are {@code step} apart. */
  private void run(long position, long stride, int many, ByteBuffer into, int at, int step) {
    int most = 1;
    if (stride == 0) {
      most = many;
    } else if (stride * elementBytes <= NEAR) {
      most = (int) Math.min(many, (MAX_SLICE / elementBytes - 1) / stride + 1);
    }
    for (int done = 0; done < many; done += most) {
      int some = Math.min(most, many - done);
      int apart = (int) (some == 1 ? 0 : stride) * elementBytes;
      var slice =
          elements.slice(
              (position + done * stride) * elementBytes, (some - 1) * apart + elementBytes);
      int target = (at + done * step) * elementBytes;
      if (apart == elementBytes && step == 1) {
        into.put(target, slice, 0, some * elementBytes);
        continue;
      }
      for (int i = 0; i < some; i++) {
        copy(slice, i * apart, into, target + i * step * elementBytes);
      }
    }
  }

  private void copy(ByteBuffer from, int at, ByteBuffer into, int target) {
    switch (elementBytes) {
      case Integer.BYTES -> into.putInt(target, from.getInt(at));
      case Short.BYTES -> into.putShort(target, from.getShort(at));
      case Long.BYTES -> into.putLong(target, from.getLong(at));
      default -> into.put(target, from.get(at));
    }
  }
}
