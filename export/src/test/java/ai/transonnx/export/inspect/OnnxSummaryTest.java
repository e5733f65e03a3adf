package ai.transonnx.export.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.export.ExportRequest;
import ai.transonnx.export.Exporter;
import ai.transonnx.export.Provenance;
import ai.transonnx.export.TestModels;
import ai.transonnx.export.Weights;
import ai.transonnx.export.internal.weights.TestWeights;
import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.format.internal.proto.TypeProto;
import ai.transonnx.format.internal.proto.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxSummaryTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void describesAnExportedFile() throws IOException {
    var summary = OnnxSummary.read(export(false));
    assertEquals(Files.size(summary.path()), summary.bytes());
    assertEquals(8, summary.irVersion());
    assertTrue(summary.producer().startsWith("transonnx "));
    assertEquals(Map.of("", 17L, "ai.transonnx", 1L), summary.opsets());
    assertEquals("8", summary.metadata().get("transonnx.group_size"));
    var graph = summary.graph();
    assertEquals("test", graph.name());
    assertEquals(
        List.of(
            new PortSummary("x", "float32 [batch, length, 4]"),
            new PortSummary("past_sum", "float32 [batch, past, 4]")),
        graph.inputs());
    assertEquals("int64 [1, ?]", graph.outputs().get(1).type());
    assertEquals(
        Map.of(
            "Abs",
            1L,
            "Add",
            3L,
            "Cast",
            1L,
            "Identity",
            1L,
            "If",
            1L,
            "Neg",
            1L,
            "NonZero",
            1L,
            "ai.transonnx.Twice",
            1L),
        graph.operators());
    assertEquals(64 + 64 + 16 + 8, summary.elementBytes());
    var twice =
        summary.functions().stream().filter(f -> f.name().equals("Twice")).findAny().orElseThrow();
    assertEquals("Y = X + X", twice.documentation());
    assertEquals(List.of("times"), twice.attributes());
    assertEquals(Map.of("Add", 1L, "Constant", 1L, "ai.transonnx.Same", 1L), twice.operators());
  }

  @Test
  void reportsTheLocationOfTheElements() {
    for (boolean external : new boolean[] {false, true}) {
      var initializers = OnnxSummary.read(export(external)).graph().initializers();
      var turned =
          initializers.stream()
              .filter(i -> i.name().equals("weight.turned"))
              .findAny()
              .orElseThrow();
      assertEquals("transpose(weight)", turned.documentation());
      assertEquals("float32", turned.type());
      assertEquals(List.of(4L, 4L), turned.shape());
      assertEquals(64, turned.bytes());
      assertEquals(external ? Optional.of("m.onnx.data") : Optional.empty(), turned.location());
    }
  }

  @Test
  void refusesATruncatedGraph() throws IOException {
    var whole = Files.readAllBytes(export(false));
    long graphEnd = whole.length - metadataLength(whole);
    var path = directory.resolve("part.onnx");
    for (int length = 0; length < whole.length; length++) {
      Files.write(path, Arrays.copyOf(whole, length));
      if (length < graphEnd) {
        var error = assertThrows(InputException.class, () -> OnnxSummary.read(path));
        assertTrue(String.valueOf(error.getMessage()).startsWith(path + ": "));
      } else {
        readOrRefuse(path);
      }
    }
  }

  private static long metadataLength(byte[] model) throws IOException {
    var metadata =
        ModelProto.newBuilder()
            .addAllMetadataProps(ModelProto.parseFrom(model).getMetadataPropsList());
    return metadata.build().getSerializedSize();
  }

  @Test
  void damagedFilesAreReadOrRefused() throws IOException {
    var whole = Files.readAllBytes(export(false));
    var path = directory.resolve("damaged.onnx");
    var random = new Random(7);
    for (int round = 0; round < 500; round++) {
      var damaged = whole.clone();
      for (int i = 0; i < 3; i++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      Files.write(path, damaged);
      readOrRefuse(path);
    }
  }

  private static void readOrRefuse(Path path) {
    try {
      OnnxSummary.read(path);
    } catch (InputException e) {
      assertTrue(String.valueOf(e.getMessage()).startsWith(path + ": "), e.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hello, world", "{\"class\": \"TokenShiftGPT\"}", "\0\0\0\0"})
  void refusesOtherFormats(String content) throws IOException {
    var path = Files.writeString(directory.resolve("other"), content);
    var error = assertThrows(InputException.class, () -> OnnxSummary.read(path));
    assertTrue(String.valueOf(error.getMessage()).contains("not an ONNX file"), error.getMessage());
  }

  @Test
  void refusesElementsThatDoNotMatchTheirShape() throws IOException {
    var tensor =
        TensorProto.newBuilder()
            .setName("w")
            .addDims(3)
            .setDataType(1)
            .setRawData(ByteString.copyFrom(new byte[8]));
    assertRefused(
        GraphProto.newBuilder().addInitializer(tensor),
        "initializer 'w': float32 of shape [3] takes 12 bytes, but has 8");
    assertRefused(
        GraphProto.newBuilder().addInitializer(tensor.addDims(Long.MAX_VALUE).clearRawData()),
        "initializer 'w': shape [3, 9223372036854775807] is not valid");
  }

  @Test
  void refusesDeeplyNestedGraphs() throws IOException {
    var graph = GraphProto.newBuilder();
    for (int depth = 0; depth < 50; depth++) {
      var attribute = AttributeProto.newBuilder().setG(graph);
      graph = GraphProto.newBuilder().addNode(NodeProto.newBuilder().addAttribute(attribute));
    }
    assertRefused(graph, "graphs are nested more than 64 deep");
  }

  @Test
  void refusesNamesOfExcessiveLength() throws IOException {
    var name = "n".repeat(60_000);
    var graph = GraphProto.newBuilder();
    for (int i = 0; i < 200; i++) {
      graph.addInput(ValueInfoProto.newBuilder().setName(name));
    }
    assertRefused(graph, "its names and texts are far longer than those of a model");
  }

  @Test
  void readsTypesThatTheExporterDoesNotWrite() throws IOException {
    var sequence =
        TypeProto.newBuilder()
            .setSequenceType(
                TypeProto.Sequence.newBuilder()
                    .setElemType(
                        TypeProto.newBuilder()
                            .setTensorType(TypeProto.Tensor.newBuilder().setElemType(8))));
    var graph =
        GraphProto.newBuilder()
            .addInput(ValueInfoProto.newBuilder().setName("s").setType(sequence))
            .addInitializer(
                TensorProto.newBuilder()
                    .setName("q")
                    .addDims(3)
                    .setDataType(TensorProto.DataType.INT4_VALUE)
                    .setRawData(ByteString.copyFrom(new byte[2])));
    var summary = OnnxSummary.read(write(graph));
    assertEquals("sequence of string ?", summary.graph().inputs().get(0).type());
    assertEquals("int4", summary.graph().initializers().get(0).type());
    assertEquals(2, summary.elementBytes());
  }

  private void assertRefused(GraphProto.Builder graph, String message) throws IOException {
    var path = write(graph);
    var error = assertThrows(InputException.class, () -> OnnxSummary.read(path));
    assertTrue(String.valueOf(error.getMessage()).startsWith(path + ": "));
    assertTrue(String.valueOf(error.getMessage()).contains(message), error.getMessage());
  }

  private Path write(GraphProto.Builder graph) throws IOException {
    var model = ModelProto.newBuilder().setIrVersion(8).setGraph(graph).build();
    return Files.write(directory.resolve("hostile.onnx"), model.toByteArray());
  }

  private Path export(boolean external) {
    var output = directory.resolve("m.onnx");
    var path =
        new TestWeights()
            .addCounting("weight", 4, 4)
            .addCounting("bias", 4)
            .write(directory.resolve("w"));
    try (var weights = Weights.open(path)) {
      Exporter.export(
          ExportRequest.builder(TestModels.full(17), weights, output)
              .provenance(Provenance.of("l", "1", "{}"))
              .externalData(external)
              .build());
    }
    return output;
  }
}
