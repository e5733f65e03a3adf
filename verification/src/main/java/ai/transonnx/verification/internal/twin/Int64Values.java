package ai.transonnx.verification.internal.twin;

import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.format.internal.proto.TensorProto.DataLocation;
import ai.transonnx.format.internal.proto.TensorProto.DataType;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The elements of small int64 tensors, such as axes and shapes. */
final class Int64Values {
  private static final int MOST = 64;

  private Int64Values() {}

  /** The elements; empty if the tensor has another type, is large, or is stored elsewhere. */
  static Optional<List<Long>> of(TensorProto tensor) {
    if (tensor.getDataType() != DataType.INT64_VALUE
        || tensor.getDataLocation() == DataLocation.EXTERNAL) {
      return Optional.empty();
    }
    var raw = tensor.getRawData();
    if (raw.isEmpty()) {
      return tensor.getInt64DataCount() > MOST
          ? Optional.empty()
          : Optional.of(List.copyOf(tensor.getInt64DataList()));
    }
    int count = raw.size() / Long.BYTES;
    if (count > MOST) {
      return Optional.empty();
    }
    var longs = raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    return Optional.of(IntStream.range(0, count).mapToObj(longs::get).toList());
  }
}
