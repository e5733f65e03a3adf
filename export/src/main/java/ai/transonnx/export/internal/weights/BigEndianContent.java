package ai.transonnx.export.internal.weights;

import ai.transonnx.export.weights.Content;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Big-endian elements, converted to little-endian. */
public record BigEndianContent(Content elements, int elementBytes) implements Content {
  /** The elements in little-endian order; elements of one byte need no conversion. */
  public static Content of(Content elements, int elementBytes) {
    return elementBytes == 1 ? elements : new BigEndianContent(elements, elementBytes);
  }

  @Override
  public long repeatedBytes() {
    return elements.repeatedBytes();
  }

  @Override
  public ByteBuffer slice(long offset, int length) {
    int before = (int) (offset % elementBytes);
    int after = (int) (-(offset + length) & (elementBytes - 1));
    if (before != 0 || after != 0) {
      return aligned(offset - before, before + length + after)
          .slice(before, length)
          .order(ByteOrder.LITTLE_ENDIAN);
    }
    return aligned(offset, length);
  }

  private ByteBuffer aligned(long offset, int length) {
    var converted = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    var slice = elements.slice(offset, length).order(ByteOrder.BIG_ENDIAN);
    while (converted.hasRemaining()) {
      switch (elementBytes) {
        case Short.BYTES -> converted.putShort(slice.getShort());
        case Integer.BYTES -> converted.putInt(slice.getInt());
        case Long.BYTES -> converted.putLong(slice.getLong());
        default -> throw new IllegalStateException("no element has " + elementBytes + " bytes");
      }
    }
    return converted.flip();
  }
}
