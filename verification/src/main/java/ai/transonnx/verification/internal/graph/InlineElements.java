package ai.transonnx.verification.internal.graph;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.proto.TensorProto;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** The elements of a tensor that has them itself, in whatever field. */
final class InlineElements {
  private InlineElements() {}

  /**
   * The elements as {@code raw_data} would have them: little endian, without gaps.
   *
   * @throws InputException if the tensor has texts, or another number of elements than its shape
   */
  static ByteBuffer of(TensorProto tensor) {
    if (tensor.getStringDataCount() > 0) {
      throw new InputException("tensor '%s' has texts, not numbers".formatted(tensor.getName()));
    }
    if (!tensor.getRawData().isEmpty()) {
      return tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }
    var bytes = ByteBuffer.allocate((int) TensorBytes.of(tensor)).order(ByteOrder.LITTLE_ENDIAN);
    try {
      put(tensor, bytes);
    } catch (BufferOverflowException e) {
      throw damaged(tensor, e);
    }
    if (bytes.hasRemaining()) {
      throw damaged(tensor, null);
    }
    return bytes.flip();
  }

  private static InputException damaged(TensorProto tensor, @Nullable Throwable cause) {
    return new InputException(
        "tensor '%s' has another number of elements than its shape".formatted(tensor.getName()),
        cause);
  }

  private static void put(TensorProto tensor, ByteBuffer bytes) {
    tensor.getFloatDataList().forEach(bytes::putFloat);
    tensor.getDoubleDataList().forEach(bytes::putDouble);
    tensor.getInt64DataList().forEach(bytes::putLong);
    switch (tensor.getDataType()) {
      case TensorProto.DataType.UINT32_VALUE ->
          tensor.getUint64DataList().forEach(number -> bytes.putInt(number.intValue()));
      default -> tensor.getUint64DataList().forEach(bytes::putLong);
    }
    switch (tensor.getDataType()) {
      case TensorProto.DataType.INT32_VALUE -> tensor.getInt32DataList().forEach(bytes::putInt);
      case TensorProto.DataType.INT16_VALUE,
          TensorProto.DataType.UINT16_VALUE,
          TensorProto.DataType.FLOAT16_VALUE,
          TensorProto.DataType.BFLOAT16_VALUE ->
          tensor.getInt32DataList().forEach(number -> bytes.putShort(number.shortValue()));
      default -> tensor.getInt32DataList().forEach(number -> bytes.put(number.byteValue()));
    }
  }
}
