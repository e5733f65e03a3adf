package ai.transonnx.verification.internal.twin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.format.ElementType;
import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.format.internal.proto.TensorShapeProto;
import ai.transonnx.format.internal.proto.ValueInfoProto;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/** A model of a few nodes, with the values of its inputs. */
final class OperatorModel {
  private final ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(8);
  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("test");
  private final Map<String, Tensor> inputs = new LinkedHashMap<>();

  OperatorModel(long opset) {
    model.addOpsetImportBuilder().setVersion(opset);
    model.addOpsetImportBuilder().setDomain("com.microsoft").setVersion(1);
  }

  OperatorModel input(String name, Tensor value) {
    inputs.put(name, value);
    graph.addInput(port(name, value.type(), value.shape().length));
    return this;
  }

  OperatorModel weight(String name, Tensor value) {
    return weight(tensor(name, value));
  }

  OperatorModel weight(TensorProto value) {
    graph.addInitializer(value);
    return this;
  }

  static TensorProto tensor(String name, Tensor value) {
    var tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(value.type().onnxNumber())
            .setRawData(ByteString.copyFrom(value.data()));
    for (long size : value.shape()) {
      tensor.addDims(size);
    }
    return tensor.build();
  }

  OperatorModel add(String operator, List<String> operands, List<String> results) {
    return add(operator, operands, results, List.of());
  }

  OperatorModel add(
      String operator,
      List<String> operands,
      List<String> results,
      List<AttributeProto> attributes) {
    graph.addNode(node(operator, operands, results).addAllAttribute(attributes));
    return this;
  }

  static NodeProto.Builder node(String operator, List<String> operands, List<String> results) {
    int dot = operator.lastIndexOf('.');
    return NodeProto.newBuilder()
        .setName("node of " + results.get(0))
        .setOpType(operator.substring(dot + 1))
        .setDomain(operator.substring(0, Math.max(0, dot)))
        .addAllInput(operands)
        .addAllOutput(results);
  }

  OperatorModel output(String... names) {
    for (var name : names) {
      graph.addOutput(ValueInfoProto.newBuilder().setName(name));
    }
    return this;
  }

  ModelProto.Builder builder() {
    return model;
  }

  ModelProto build() {
    return model.setGraph(graph).build();
  }

  static ValueInfoProto port(String name, ElementType type, int rank) {
    var port = ValueInfoProto.newBuilder().setName(name);
    var tensor = port.getTypeBuilder().getTensorTypeBuilder().setElemType(type.onnxNumber());
    tensor.getShapeBuilder();
    for (int axis = 0; axis < rank; axis++) {
      tensor.getShapeBuilder().addDim(TensorShapeProto.Dimension.getDefaultInstance());
    }
    return port.build();
  }

  /** The outputs of the model itself. */
  Map<String, Tensor> run(Path folder) {
    return run(build(), inputs, folder);
  }

  /** The outputs of the twin. */
  Map<String, Tensor> runTwin(Path folder) {
    return run(FloatTwin.of(build()), wide(), folder);
  }

  /** The outputs of the twin with rounding. */
  Map<String, Tensor> runNoisy(Path folder, int seed) {
    return run(FloatTwin.noisy(build(), seed), wide(), folder);
  }

  private static void assertClose(Tensor approximate, Tensor exact, String what) {
    assertArrayEquals(approximate.shape(), exact.shape(), what);
    var expected = approximate.doubles();
    var actual = exact.doubles();
    double magnitude = DoubleStream.of(expected).map(Math::abs).max().orElse(0);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], 2e-6 * Math.max(1, magnitude), what + " at " + i);
    }
  }

  /** The twin is close to the float32 kernels, and not equal to them: it has more digits. */
  void assertTwinIsClose(Path folder, String... names) {
    var expected = run(folder);
    var actual = runTwin(folder);
    for (var name : names) {
      assertClose(expected.get(name), actual.get(name), name);
    }
  }

  private Map<String, Tensor> wide() {
    var wide = new HashMap<String, Tensor>();
    inputs.forEach(
        (name, tensor) ->
            wide.put(
                name, tensor.type().isFloatingPoint() ? tensor.as(ElementType.FLOAT64) : tensor));
    return wide;
  }

  static Map<String, Tensor> run(ModelProto model, Map<String, Tensor> inputs, Path folder) {
    var options =
        ModelOptions.builder().threads(1).optimisation(ModelOptions.Optimisation.NONE).build();
    try {
      var file = Files.createTempFile(folder, "model", ".onnx");
      Files.write(file, model.toByteArray());
      try (var loaded = OnnxModel.load(file, options)) {
        return loaded.run(inputs).asMap();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Numbers that look random, from -scale to scale. */
  static Tensor numbers(double scale, long... shape) {
    int size = 1;
    for (long length : shape) {
      size *= (int) length;
    }
    var values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (scale * Math.sin(1.7 * i * i + 0.3 * i + size));
    }
    return Tensor.ofFloats(values, shape);
  }

  static AttributeProto integers(String name, Long... values) {
    return Attributes.integers(name, new ArrayList<>(List.of(values)));
  }
}
