package ai.transonnx.runtime.internal.scan;

import ai.transonnx.format.internal.Printable;
import ai.transonnx.format.internal.proto.SparseTensorProto;
import ai.transonnx.format.internal.proto.TensorProto;
import java.io.IOException;

/** Scans a tensor: its dimensions must be those of its data. The data are skipped. */
final class TensorScan {
  private static final int MAX_BITS = 128;

  private final Source source;
  private final ExternalData external;
  private final Shape shape;
  private String name = "";
  private long type;
  private long location;
  private long rawBytes = -1;
  private long typedBytes;
  private long strings;

  private TensorScan(Source source) {
    this.source = source;
    this.external = new ExternalData(source);
    this.shape = new Shape(source);
  }

  /**
   * Scans a field that is a tensor.
   *
   * @return the bytes of an element, at least 1
   */
  static long field(Source source) throws IOException {
    var tensor = new TensorScan(source);
    source.message(
        tensor::read,
        TensorProto.DATA_TYPE_FIELD_NUMBER,
        TensorProto.NAME_FIELD_NUMBER,
        TensorProto.RAW_DATA_FIELD_NUMBER,
        TensorProto.DATA_LOCATION_FIELD_NUMBER);
    tensor.check();
    return Math.max(1, bits(tensor.type) / Byte.SIZE);
  }

  /** Scans a field that is a sparse tensor, and returns the bytes of the dense one. */
  static long sparseField(Source source) throws IOException {
    var shape = new Shape(source);
    var width = new long[] {MAX_BITS / Byte.SIZE};
    source.message(
        number -> {
          switch (number) {
            case SparseTensorProto.VALUES_FIELD_NUMBER -> width[0] = field(source);
            case SparseTensorProto.INDICES_FIELD_NUMBER -> field(source);
            case SparseTensorProto.DIMS_FIELD_NUMBER -> shape.read();
            default -> source.skip();
          }
        },
        SparseTensorProto.VALUES_FIELD_NUMBER,
        SparseTensorProto.INDICES_FIELD_NUMBER);
    return shape.elements("a sparse tensor") * width[0];
  }

  private void read(int number) throws IOException {
    var in = source.in();
    int start = in.position();
    switch (number) {
      case TensorProto.DIMS_FIELD_NUMBER -> shape.read();
      case TensorProto.DATA_TYPE_FIELD_NUMBER -> type = in.passingNumber();
      case TensorProto.NAME_FIELD_NUMBER -> name = source.name();
      case TensorProto.RAW_DATA_FIELD_NUMBER -> rawBytes = in.skipBytes();
      case TensorProto.FLOAT_DATA_FIELD_NUMBER,
          TensorProto.DOUBLE_DATA_FIELD_NUMBER,
          TensorProto.INT32_DATA_FIELD_NUMBER,
          TensorProto.INT64_DATA_FIELD_NUMBER,
          TensorProto.UINT64_DATA_FIELD_NUMBER -> {
        in.skip();
        typedBytes += in.position() - start;
      }
      case TensorProto.STRING_DATA_FIELD_NUMBER -> {
        source.skip();
        strings++;
      }
      case TensorProto.EXTERNAL_DATA_FIELD_NUMBER -> external.entry();
      case TensorProto.DATA_LOCATION_FIELD_NUMBER -> location = in.passingNumber();
      default -> source.prose();
    }
  }

  private void check() {
    String tensor = "tensor " + Printable.quoted(name);
    long elements = shape.elements(tensor);
    long bits = bits(type);
    long bytes = (elements * bits + Byte.SIZE - 1) / Byte.SIZE;
    if (location == TensorProto.DataLocation.EXTERNAL_VALUE) {
      external.check(tensor, bytes);
    } else if (type == TensorProto.DataType.STRING_VALUE) {
      if (strings != elements) {
        throw mismatch(tensor, elements + " texts", strings + "");
      }
    } else if (rawBytes >= 0) {
      // The bits of an unknown type are 0: ONNX Runtime refuses it.
      if (bits > 0 && rawBytes != bytes) {
        throw mismatch(tensor, bytes + " bytes", rawBytes + "");
      }
    } else if (elements > typedBytes * (bits < Byte.SIZE ? Byte.SIZE : 1)) {
      // Each stored number takes a byte or more, and ONNX Runtime compares it with the elements.
      throw mismatch(tensor, elements + " elements", typedBytes + " bytes of them");
    }
  }

  private RuntimeException mismatch(String tensor, String needed, String given) {
    return source.error(
        "%s needs %s for its shape, and has %s; the file is damaged"
            .formatted(tensor, needed, given));
  }

  /** The bits of an element; 0 if the type is a text or unknown. */
  private static long bits(long type) {
    return switch ((int) Math.min(Math.max(type, 0), Integer.MAX_VALUE)) {
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
      case TensorProto.DataType.INT8_VALUE,
          TensorProto.DataType.UINT8_VALUE,
          TensorProto.DataType.BOOL_VALUE,
          TensorProto.DataType.FLOAT8E4M3FN_VALUE,
          TensorProto.DataType.FLOAT8E4M3FNUZ_VALUE,
          TensorProto.DataType.FLOAT8E5M2_VALUE,
          TensorProto.DataType.FLOAT8E5M2FNUZ_VALUE,
          TensorProto.DataType.FLOAT8E8M0_VALUE ->
          8;
      case TensorProto.DataType.INT4_VALUE,
          TensorProto.DataType.UINT4_VALUE,
          TensorProto.DataType.FLOAT4E2M1_VALUE ->
          4;
      case TensorProto.DataType.INT2_VALUE, TensorProto.DataType.UINT2_VALUE -> 2;
      default -> 0;
    };
  }
}
