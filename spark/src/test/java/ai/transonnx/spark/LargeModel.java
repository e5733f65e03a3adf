package ai.transonnx.spark;

import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.proto.OperatorSetIdProto;
import ai.transonnx.format.internal.proto.StringStringEntryProto;
import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.format.internal.proto.TensorShapeProto;
import ai.transonnx.format.internal.proto.TypeProto;
import ai.transonnx.format.internal.proto.ValueInfoProto;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A table of embeddings that is larger than 2 GiB: zeros in a sparse file, except for one. The
 * model returns the first four elements of each embedding.
 */
final class LargeModel {
  static final int ROWS = 256;
  static final int DIM = (1 << 21) + (1 << 12);

  /** The token whose embedding begins with one. */
  static final int TOKEN = 'z';

  private static final int INT64 = TensorProto.DataType.INT64_VALUE;
  private static final int FLOAT = TensorProto.DataType.FLOAT_VALUE;

  private LargeModel() {}

  static Path write(Path folder) throws IOException {
    var weights = folder.resolve("large.onnx.data");
    try (var file = new RandomAccessFile(weights.toFile(), "rw")) {
      file.setLength((long) ROWS * DIM * Float.BYTES);
      file.seek((long) TOKEN * DIM * Float.BYTES);
      file.writeInt(Integer.reverseBytes(Float.floatToIntBits(1)));
    }
    var table =
        TensorProto.newBuilder()
            .setName("table")
            .setDataType(FLOAT)
            .addDims(ROWS)
            .addDims(DIM)
            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .addExternalData(entry("location", weights.getFileName().toString()))
            .addExternalData(entry("offset", "0"))
            .addExternalData(entry("length", Long.toString((long) ROWS * DIM * Float.BYTES)));
    var graph =
        GraphProto.newBuilder()
            .setName("large")
            .addInitializer(table)
            .addInitializer(longs("starts", 0))
            .addInitializer(longs("ends", 4))
            .addInitializer(longs("axes", 2))
            .addInput(value("tokens", INT64, "batch", "length"))
            .addOutput(value("embeddings", FLOAT, "batch", "length", "4"))
            .addNode(node("Gather", "rows", "table", "tokens"))
            .addNode(node("Slice", "embeddings", "rows", "starts", "ends", "axes"));
    var model =
        ModelProto.newBuilder()
            .setIrVersion(8)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
            .setGraph(graph)
            .addMetadataProps(entry("transonnx.num_tokens.tokens", Integer.toString(ROWS)));
    return Files.write(folder.resolve("large.onnx"), model.build().toByteArray());
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  private static TensorProto longs(String name, long value) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(INT64)
        .addDims(1)
        .addInt64Data(value)
        .build();
  }

  private static NodeProto node(String operator, String output, String... inputs) {
    return NodeProto.newBuilder()
        .setOpType(operator)
        .addAllInput(List.of(inputs))
        .addOutput(output)
        .build();
  }

  private static ValueInfoProto value(String name, int type, String... dims) {
    var shape = TensorShapeProto.newBuilder();
    for (var dim : dims) {
      var size = TensorShapeProto.Dimension.newBuilder();
      shape.addDim(
          dim.matches("\\d+") ? size.setDimValue(Long.parseLong(dim)) : size.setDimParam(dim));
    }
    var tensor = TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }
}
