package ai.transonnx.export.internal.expression;

import ai.transonnx.export.calibration.InputMoments;
import ai.transonnx.export.internal.binding.Binding;
import ai.transonnx.graph.BlockScales;
import ai.transonnx.graph.BlockZeroPoints;
import ai.transonnx.graph.QuantizedMatrix;
import ai.transonnx.graph.QuantizedPart;
import ai.transonnx.graph.QuantizedPart.Layout;
import ai.transonnx.graph.QuantizedType;
import ai.transonnx.graph.QuantizedValues;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes the parts of quantized matrices in pieces of bounded size. Not thread-safe. */
final class QuantizedParts {
  /** An even number of integers: so many that a line of most matrices need not be divided. */
  private static final int PIECE = 4 << 20;

  private static final int SCALES_PIECE = 1 << 16;

  private final Binding binding;
  private final InputMoments moments;

  /** The matrix whose parts were last written: they follow each other. */
  private @Nullable QuantizedMatrix last;

  private @Nullable QuantizedBlocks lastBlocks;

  QuantizedParts(Binding binding, InputMoments moments) {
    this.binding = binding;
    this.moments = moments;
  }

  /**
   * Writes a part.
   *
   * @throws ai.transonnx.InputException if a weight is not finite, or too large for float32
   * @throws IOException from the sink
   */
  void write(QuantizedPart part, Evaluation.Sink sink) throws IOException {
    var blocks = blocks(part.matrix());
    if (part instanceof QuantizedValues values) {
      boolean isPacked = values.matrix().type() == QuantizedType.INT4;
      write(QuantizedIntegers.of(values, blocks), isPacked, sink);
    } else if (part instanceof BlockZeroPoints points) {
      boolean isPacked =
          points.matrix().type() == QuantizedType.INT4 && points.layout() != Layout.ROWS;
      write(QuantizedIntegers.of(points, blocks), isPacked, sink);
    } else if (part instanceof BlockScales scales) {
      write(scales, blocks, sink);
    }
  }

  private QuantizedBlocks blocks(QuantizedMatrix matrix) {
    var known = lastBlocks;
    if (known != null && matrix.equals(last)) {
      return known;
    }
    lastBlocks = null;
    QuantizedBlocks found =
        factor(matrix)
            .<QuantizedBlocks>map(factor -> CompensatedBlocks.of(matrix, factor, binding))
            .orElseGet(() -> new NearestBlocks(matrix, binding));
    last = matrix;
    lastBlocks = found;
    return found;
  }

  private Optional<InputFactor> factor(QuantizedMatrix matrix) {
    int width = (int) matrix.width();
    return matrix
        .factor()
        .flatMap(weight -> moments.of(weight, width))
        .flatMap(known -> InputFactor.of(known, width));
  }

  private static void write(QuantizedIntegers integers, boolean isPacked, Evaluation.Sink sink)
      throws IOException {
    // A piece of an odd number would end within a byte.
    var some = new byte[(int) Math.min(PIECE, integers.count())];
    for (long done = 0; done < integers.count(); done += PIECE) {
      int count = (int) Math.min(PIECE, integers.count() - done);
      integers.read(done, count, some);
      sink.write(ByteBuffer.wrap(some, 0, isPacked ? pack(some, count) : count));
    }
  }

  /**
   * Joins two integers of 4 bits to a byte, the first in the lower bits.
   *
   * @return the number of bytes
   */
  private static int pack(byte[] integers, int count) {
    for (int i = 0; i < count; i += 2) {
      int second = i + 1 < count ? integers[i + 1] : 0;
      integers[i / 2] = (byte) (integers[i] & 0xF | second << 4);
    }
    return (count + 1) / 2;
  }

  private static void write(BlockScales scales, QuantizedBlocks blocks, Evaluation.Sink sink)
      throws IOException {
    boolean isTransposed = scales.layout() == Layout.COLUMNS;
    long lines = isTransposed ? scales.matrix().rows() : scales.matrix().blocks();
    long count = scales.shape().elements();
    var bytes =
        ByteBuffer.allocate((int) Math.min(SCALES_PIECE, count) * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    for (long i = 0; i < count; i++) {
      if (isTransposed) {
        blocks.select(i % lines, i / lines);
      } else {
        blocks.select(i / lines, i % lines);
      }
      bytes.putFloat(blocks.scale());
      if (!bytes.hasRemaining() || i + 1 == count) {
        sink.write(bytes.flip());
        bytes.clear();
      }
    }
  }
}
