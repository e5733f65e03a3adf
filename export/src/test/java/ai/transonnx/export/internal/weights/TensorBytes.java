package ai.transonnx.export.internal.weights;

import ai.transonnx.export.weights.Content;
import ai.transonnx.export.weights.WeightTensor;
import ai.transonnx.format.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Reads the bytes of tensors. */
public final class TensorBytes {
  private TensorBytes() {}

  /** All bytes, read as one slice. */
  public static byte[] of(WeightTensor tensor) {
    return of(tensor, Content.MAX_SLICE);
  }

  /** All bytes, read as slices of the given size. */
  public static byte[] of(WeightTensor tensor, int piece) {
    var bytes = new byte[(int) tensor.byteCount()];
    for (int done = 0; done < bytes.length; done += piece) {
      int some = Math.min(piece, bytes.length - done);
      tensor.content().slice(done, some).get(bytes, done, some);
    }
    return bytes;
  }

  /** All elements as numbers; 16-bit floats as their bits. */
  public static List<Number> numbers(WeightTensor tensor) {
    var bytes = ByteBuffer.wrap(of(tensor, 1000)).order(ByteOrder.LITTLE_ENDIAN);
    var numbers = new ArrayList<Number>();
    while (bytes.hasRemaining()) {
      numbers.add(number(bytes, tensor.elements()));
    }
    return numbers;
  }

  private static Number number(ByteBuffer bytes, ElementType elements) {
    return switch (elements) {
      case FLOAT32 -> bytes.getFloat();
      case FLOAT64 -> bytes.getDouble();
      case FLOAT16, BFLOAT16, INT16, UINT16 -> bytes.getShort();
      case INT32, UINT32 -> bytes.getInt();
      case INT64, UINT64 -> bytes.getLong();
      case INT8, UINT8, BOOL -> bytes.get();
      case INT4 -> throw new AssertionError("no checkpoint has tensors of int4");
    };
  }
}
