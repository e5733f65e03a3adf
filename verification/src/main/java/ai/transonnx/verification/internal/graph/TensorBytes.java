package ai.transonnx.verification.internal.graph;

import ai.transonnx.format.internal.proto.TensorProto;

/** The size of a tensor's elements, packed as in ONNX's {@code raw_data}. */
final class TensorBytes {
  private TensorBytes() {}

  /** The bytes of all elements. The dimensions have been checked. */
  static long of(TensorProto tensor) {
    long elements = tensor.getDimsList().stream().reduce(1L, Math::multiplyExact);
    return (Math.multiplyExact(elements, bits(tensor.getDataType())) + Byte.SIZE - 1) / Byte.SIZE;
  }

  private static long bits(int type) {
    return switch (type) {
      case TensorProto.DataType.COMPLEX128_VALUE -> 128;
      case TensorProto.DataType.DOUBLE_VALUE,
          TensorProto.DataType.INT64_VALUE,
          TensorProto.DataType.UINT64_VALUE,
          TensorProto.DataType.COMPLEX64_VALUE ->
          64;
      case TensorProto.DataType.FLOAT_VALUE,
          TensorProto.DataType.INT32_VALUE,
          TensorProto.DataType.UINT32_VALUE ->
          32;
      case TensorProto.DataType.FLOAT16_VALUE,
          TensorProto.DataType.BFLOAT16_VALUE,
          TensorProto.DataType.INT16_VALUE,
          TensorProto.DataType.UINT16_VALUE ->
          16;
      case TensorProto.DataType.INT4_VALUE,
          TensorProto.DataType.UINT4_VALUE,
          TensorProto.DataType.FLOAT4E2M1_VALUE ->
          4;
      case TensorProto.DataType.INT2_VALUE, TensorProto.DataType.UINT2_VALUE -> 2;
      default -> 8;
    };
  }
}
