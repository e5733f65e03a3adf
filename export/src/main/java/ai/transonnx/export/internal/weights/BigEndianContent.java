package ai.transonnx.export.internal.weights;

import ai.transonnx.export.weights.Content;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Elements that lie with their most significant byte first, the other way around. */
public record BigEndianContent(Content elements, int elementBytes) implements Content {
  /** The elements as they are where their order makes no difference. */
  public static Content of(Content elements, int elementBytes) {
    return elementBytes == 1 ? elements : new BigEndianContent(elements, elementBytes);
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
    var turned = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    var slice = elements.slice(offset, length).order(ByteOrder.BIG_ENDIAN);
    while (turned.hasRemaining()) {
      switch (elementBytes) {
        case Short.BYTES -> turned.putShort(slice.getShort());
        case Integer.BYTES -> turned.putInt(slice.getInt());
        case Long.BYTES -> turned.putLong(slice.getLong());
        default -> throw new IllegalStateException("no element has " + elementBytes + " bytes");
      }
    }
    return turned.flip();
  }
}
