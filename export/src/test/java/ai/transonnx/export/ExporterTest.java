package ai.transonnx.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.weights.TestWeights;
import ai.transonnx.export.weights.Fingerprint;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.format.internal.proto.AttributeProto.AttributeType;
import ai.transonnx.format.internal.proto.FunctionProto;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.StringStringEntryProto;
import ai.transonnx.format.internal.proto.TensorProto;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExporterTest {
  private static final Provenance ORIGIN = Provenance.of("a-library", "1.2", "{\"dim\":4}");

  @TempDir private Path directory = Path.of("");
  private WeightFile weights;

  @BeforeEach
  void openWeights() {
    weights =
        Weights.open(
            new TestWeights()
                .addCounting("weight", 4, 4)
                .addCounting("bias", 4)
                .write(directory.resolve("w.safetensors")));
  }

  @AfterEach
  void closeWeights() {
    weights.close();
  }

  @Test
  void writesTheGraph() throws IOException {
    var graph = export(17, export -> export).getGraph();
    assertEquals("test", graph.getName());
    assertEquals(
        List.of("x", "past_sum"), graph.getInputList().stream().map(i -> i.getName()).toList());
    assertEquals(
        List.of("y", "seen", "present_sum"),
        graph.getOutputList().stream().map(o -> o.getName()).toList());
    var x = graph.getInput(0).getType().getTensorType();
    assertEquals(1, x.getElemType());
    assertEquals("length", x.getShape().getDim(1).getDimParam());
    assertEquals(4, x.getShape().getDim(2).getDimValue());
    var seen = graph.getOutput(1).getType().getTensorType().getShape();
    assertEquals(1, seen.getDim(0).getDimValue());
    assertFalse(seen.getDim(1).hasDimParam() || seen.getDim(1).hasDimValue());
    assertEquals("net.0/Twice", graph.getNode(0).getName());
    assertEquals("ai.transonnx", graph.getNode(0).getDomain());
    var choice = graph.getNodeList().stream().filter(n -> n.getOpType().equals("If")).toList();
    var branch = choice.get(0).getAttribute(0);
    assertEquals(AttributeType.GRAPH, branch.getType());
    assertEquals("else_branch", branch.getName());
    assertEquals("Abs", branch.getG().getNode(0).getOpType());
    assertEquals(3, branch.getG().getOutput(0).getType().getTensorType().getShape().getDimCount());
  }

  @Test
  void writesParametersAndConstants() throws IOException {
    var tensors =
        export(17, export -> export).getGraph().getInitializerList().stream()
            .collect(Collectors.toMap(TensorProto::getName, t -> t));
    assertEquals(4, tensors.size());
    var weight = tensors.getOrDefault("weight", TensorProto.getDefaultInstance());
    assertEquals(List.of(4L, 4L), weight.getDimsList());
    assertEquals(TensorProto.DataType.FLOAT_VALUE, weight.getDataType());
    assertEquals("", weight.getDocString());
    assertEquals(List.of(0f, 1f, 2f, 3f, 4f), floats(weight.getRawData()).subList(0, 5));
    var turned = tensors.getOrDefault("weight.turned", TensorProto.getDefaultInstance());
    assertEquals("transpose(weight)", turned.getDocString());
    assertEquals(List.of(0f, 4f, 8f, 12f, 1f), floats(turned.getRawData()).subList(0, 5));
    var constant = tensors.getOrDefault("constant", TensorProto.getDefaultInstance());
    assertEquals(TensorProto.DataType.INT64_VALUE, constant.getDataType());
    assertEquals(8, constant.getRawData().size());
  }

  @Test
  void writesFunctions() throws IOException {
    var model = export(17, export -> export);
    assertEquals(
        List.of("=17", "ai.transonnx=1"),
        model.getOpsetImportList().stream()
            .map(o -> o.getDomain() + "=" + o.getVersion())
            .toList());
    var functions =
        model.getFunctionsList().stream().collect(Collectors.toMap(f -> f.getName(), f -> f));
    var twice = functions.getOrDefault("Twice", FunctionProto.getDefaultInstance());
    var same = functions.getOrDefault("Same", FunctionProto.getDefaultInstance());
    assertEquals("Y = X + X", twice.getDocString());
    assertEquals(List.of("times"), twice.getAttributeList());
    assertEquals(List.of("X"), twice.getInputList());
    assertEquals(2, twice.getOpsetImportCount(), "it calls another function");
    assertEquals(1, same.getOpsetImportCount());
    var reference = twice.getNode(0).getAttribute(0);
    assertEquals("value_int", reference.getName());
    assertEquals("times", reference.getRefAttrName());
    assertEquals(AttributeType.INT, reference.getType());
  }

  @Test
  void writesSortedMetadata() throws IOException {
    var entries = export(17, export -> export).getMetadataPropsList();
    assertEquals(
        List.of(
            "transonnx.config={\"dim\":4}",
            "transonnx.dtype=float32",
            "transonnx.group_size=8",
            "transonnx.library=a-library",
            "transonnx.library_version=1.2",
            "transonnx.state=[{\"input\":\"past_sum\",\"output\":\"present_sum\","
                + "\"type\":\"float32\",\"shape\":[\"batch\",\"past\",4],"
                + "\"first\":[\"batch\",0,4],\"role\":\"memory\"}]",
            "transonnx.version=" + ToolVersion.current(),
            "transonnx.weights_sha256=" + Fingerprint.start(weights.path()).hex()),
        entries.stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
  }

  @ParameterizedTest
  @CsvSource({"17, 8", "18, 8", "19, 9", "20, 9", "21, 10", "22, 10", "23, 11"})
  void writesTheIrVersionOfTheOpset(int opset, long irVersion) throws IOException {
    var model = export(opset, export -> export);
    assertEquals(irVersion, model.getIrVersion());
    assertEquals("transonnx", model.getProducerName());
    assertTrue(model.getProducerVersion().matches("\\d+\\.\\d+\\.\\d+.*"));
  }

  @Test
  void writesExternalDataOnRequest() throws IOException {
    var model = export(17, export -> export.externalData(true));
    var data = Files.readAllBytes(directory.resolve("m.onnx.data"));
    int seen = 0;
    for (var tensor : model.getGraph().getInitializerList()) {
      if (tensor.getName().equals("constant")) {
        assertEquals(8, tensor.getRawData().size(), "constants stay inside");
        continue;
      }
      var entries =
          tensor.getExternalDataList().stream()
              .collect(
                  Collectors.toMap(
                      StringStringEntryProto::getKey, StringStringEntryProto::getValue));
      int offset = Integer.parseInt(entries.getOrDefault("offset", ""));
      int length = Integer.parseInt(entries.getOrDefault("length", ""));
      assertEquals(TensorProto.DataLocation.EXTERNAL, tensor.getDataLocation());
      assertEquals("m.onnx.data", entries.get("location"));
      assertEquals(0, offset % 4096);
      assertTrue(tensor.getRawData().isEmpty());
      var elements = ByteString.copyFrom(data, offset, length);
      assertEquals(tensor.getName().equals("weight.turned") ? 4f : 1f, floats(elements).get(1));
      seen++;
    }
    assertEquals(3, seen);
    assertEquals(2 * 4096 + 16, data.length);
  }

  @Test
  void sameInputsGiveTheSameBytes() throws IOException {
    export(17, export -> export);
    var first = Files.readAllBytes(directory.resolve("m.onnx"));
    var early = Fingerprint.start(weights.path());
    export(17, export -> export.fingerprint(early));
    assertArrayEquals(first, Files.readAllBytes(directory.resolve("m.onnx")));
  }

  @Test
  void reportsProgress() throws IOException {
    var heard = new ArrayList<Long>();
    export(17, export -> export.progress((done, total) -> heard.add(done * 1000 + total)));
    assertEquals(List.of(64_144L, 128_144L, 144_144L), heard);
  }

  @Test
  void refusesWeightsThatDoNotFit() {
    new TestWeights().addCounting("weight", 4, 5).write(directory.resolve("other.safetensors"));
    try (var other = Weights.open(directory.resolve("other.safetensors"))) {
      var model = TestModels.full(17);
      var error =
          assertThrows(
              InputException.class,
              () ->
                  Exporter.export(
                      ExportRequest.builder(model, other, directory.resolve("n.onnx")).build()));
      assertTrue(String.valueOf(error.getMessage()).contains("1 missing, 1 with another shape"));
    }
  }

  private ModelProto export(int opset, UnaryOperator<ExportRequest.Builder> options)
      throws IOException {
    var output = directory.resolve("m.onnx");
    var export = ExportRequest.builder(TestModels.full(opset), weights, output).provenance(ORIGIN);
    assertEquals(output, Exporter.export(options.apply(export).build()).files().get(0));
    return ModelProto.parseFrom(Files.readAllBytes(output));
  }

  private static List<Float> floats(ByteString bytes) {
    var floats = new ArrayList<Float>();
    var buffer = bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      floats.add(buffer.getFloat());
    }
    return floats;
  }
}
