package ai.transonnx.verification.internal.graph;

import ai.transonnx.format.ElementType;
import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.proto.OperatorSetIdProto;
import ai.transonnx.format.internal.proto.StringStringEntryProto;
import ai.transonnx.format.internal.proto.TensorProto;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Writes small models, node by node. */
public final class SampleModel {
  private static final int IR_VERSION = 8;
  private static final int OPSET = 17;

  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("sample");

  /** A node whose name is that of its first result. */
  public static NodeProto.Builder node(String operator, List<String> inputs, String... results) {
    return NodeProto.newBuilder()
        .setName(results[0])
        .setOpType(operator)
        .addAllInput(inputs)
        .addAllOutput(Arrays.asList(results));
  }

  public static TensorProto floats(String name, float[] values, long... shape) {
    var bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    var tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(ElementType.FLOAT32.onnxNumber())
            .setRawData(ByteString.copyFrom(bytes));
    Arrays.stream(shape).forEach(tensor::addDims);
    return tensor.build();
  }

  /** Values that grow evenly from {@code first} by {@code step}. */
  public static float[] range(int count, float first, float step) {
    var values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = first + i * step;
    }
    return values;
  }

  public static AttributeProto attribute(String name, GraphProto.Builder value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.GRAPH)
        .setG(value)
        .build();
  }

  public static AttributeProto attribute(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  public SampleModel input(String name, ElementType type, int rank) {
    graph.addInput(new ValueType(type, rank).port(name));
    return this;
  }

  public SampleModel output(String name, ElementType type, int rank) {
    graph.addOutput(new ValueType(type, rank).port(name));
    return this;
  }

  public SampleModel add(NodeProto.Builder node) {
    graph.addNode(node);
    return this;
  }

  public SampleModel add(TensorProto initializer) {
    graph.addInitializer(initializer);
    return this;
  }

  public ModelProto proto() {
    return ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
        .setGraph(graph)
        .build();
  }

  public Path write(Path file) {
    return write(proto(), file);
  }

  public static Path write(ModelProto model, Path file) {
    try {
      return Files.write(file, model.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The tensor with its elements in a file, after some other bytes. */
  public static TensorProto external(TensorProto tensor, Path file, int offset) {
    var bytes = tensor.getRawData().toByteArray();
    var content = new byte[offset + bytes.length];
    System.arraycopy(bytes, 0, content, offset, bytes.length);
    try {
      Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return tensor.toBuilder()
        .clearRawData()
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(entry("location", file.getFileName().toString()))
        .addExternalData(entry("offset", Integer.toString(offset)))
        .build();
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }
}
