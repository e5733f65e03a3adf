package ai.transonnx.verification.internal.twin;

import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.format.internal.proto.TensorProto.DataType;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Constants that the twin adds to the main graph, where every graph can use them. */
final class Constants {
  private final ValueNames names;
  private final Map<Object, TensorProto> tensors = new HashMap<>();

  Constants(ValueNames names) {
    this.names = names;
  }

  /** A float64 scalar. */
  String number(double value) {
    return numbers("number", new double[] {value}, List.of());
  }

  /** A float64 vector with the same elements at each call with this name. */
  String vector(String name, double[] values) {
    return numbers(name, values, List.of((long) values.length));
  }

  private String numbers(String name, double[] values, List<Long> shape) {
    var bytes = buffer(values.length * Double.BYTES);
    for (double value : values) {
      bytes.putDouble(value);
    }
    return add(
        List.of(DataType.DOUBLE, name, values.length, values[0]), DataType.DOUBLE, bytes, shape);
  }

  /** An int64 scalar. */
  String integer(long value) {
    var bytes = buffer(Long.BYTES).putLong(value);
    return add(List.of("integer", value), DataType.INT64, bytes, List.of());
  }

  /** An int64 vector. */
  String integers(List<Long> values) {
    var bytes = buffer(values.size() * Long.BYTES);
    values.forEach(bytes::putLong);
    return add(values, DataType.INT64, bytes, List.of((long) values.size()));
  }

  String integers(long... values) {
    return integers(Arrays.stream(values).boxed().toList());
  }

  /** The tensors that were requested. */
  List<TensorProto> tensors() {
    return tensors.values().stream().toList();
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private String add(Object key, DataType type, ByteBuffer bytes, List<Long> shape) {
    return tensors
        .computeIfAbsent(
            key,
            k ->
                TensorProto.newBuilder()
                    .setName(names.fresh("twin/constant"))
                    .setDataType(type.getNumber())
                    .addAllDims(shape)
                    .setRawData(ByteString.copyFrom(bytes.flip()))
                    .build())
        .getName();
  }
}
