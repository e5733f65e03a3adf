package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Precision;
import ai.transonnx.runtime.ModelMetadata;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.CaseChecks;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.Recording;
import ai.transonnx.verification.internal.divergence.StructureSearch;
import ai.transonnx.verification.internal.graph.ModelFile;
import ai.transonnx.verification.report.Divergence;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StructureSearchTest {
  private static final CaseFolder CASE = CaseFolder.read(Path.of("cases/x-transformers/rotary"));

  /** Derived weights are rounded to float32 in the file. */
  private static final double TOLERANCE = 1e-5;

  private static final long MEMORY = 1 << 20;

  private static final TensorProto SWAP =
      TensorProto.newBuilder()
          .setName("swap")
          .setDataType(TensorProto.DataType.INT64_VALUE)
          .addDims(2)
          .addInt64Data(1)
          .addInt64Data(0)
          .build();

  private static final NodeProto GATHER =
      NodeProto.newBuilder()
          .setOpType("Gather")
          .addInput("unswapped")
          .addInput("swap")
          .addOutput("present_values_1")
          .addAttribute(
              AttributeProto.newBuilder()
                  .setName("axis")
                  .setType(AttributeProto.AttributeType.INT)
                  .setI(1))
          .build();

  @TempDir private static Path folder = Path.of("");

  private static Map<String, Tensor> inputs = Map.of();

  @BeforeAll
  static void export() {
    try (var recording = Recording.open(CASE.tensors())) {
      inputs = recording.inputs(CASE.step(0));
    }
    CASE.export(request(EmitOptions.STANDARD), folder.resolve("float32.onnx"));
    CASE.export(
        request(EmitOptions.STANDARD.withPrecision(Precision.FLOAT64)),
        folder.resolve("float64.onnx"));
    CASE.export(incremental(EmitOptions.STANDARD), folder.resolve("state32.onnx"));
    CASE.export(
        incremental(EmitOptions.STANDARD.withPrecision(Precision.FLOAT64)),
        folder.resolve("state64.onnx"));
  }

  private static GraphRequest request(EmitOptions emit) {
    return CaseChecks.request(CASE, CASE.step(0)).toBuilder().emit(emit).build();
  }

  private static GraphRequest incremental(EmitOptions emit) {
    return request(emit).toBuilder().incremental(true).build();
  }

  private static Optional<Divergence> search(
      String name, Map<String, Tensor> inputs, Consumer<ModelProto.Builder> change) {
    var original = ModelFile.read(folder.resolve(name + "32.onnx"));
    var changed = original.proto().toBuilder();
    change.accept(changed);
    var path = folder.resolve("changed.onnx");
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var file = ModelFile.read(original.write(changed.build(), folder, "changed"));
    var architecture = ModelFile.read(folder.resolve(name + "64.onnx"));
    return new StructureSearch(file, architecture, TOLERANCE, MEMORY).run("call", inputs);
  }

  private static NodeProto.Builder node(ModelProto.Builder model, String name) {
    return model.getGraphBuilder().getNodeBuilderList().stream()
        .filter(node -> node.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aFileThatIsRightHasNoDivergence() {
    assertEquals(Optional.empty(), search("float", inputs, model -> {}));
  }

  @Test
  void aChangedElementOfAWeightIsFoundAtItsLayer() {
    var name = "attn_layers.layers.2.1.to_out.weight";
    var original = ModelFile.read(folder.resolve("float32.onnx"));
    var divergence =
        search(
                "float",
                inputs,
                model -> {
                  for (var tensor : model.getGraphBuilder().getInitializerBuilderList()) {
                    if (tensor.getName().equals(name)) {
                      changeElement(tensor, original.elements(tensor.build()));
                    }
                  }
                })
            .orElseThrow();
    assertEquals("attn_layers.layers.2.1.to_out", divergence.module());
    assertTrue(divergence.description().contains(name), divergence.description());
  }

  private static void changeElement(TensorProto.Builder tensor, ByteBuffer elements) {
    var copy = ByteBuffer.allocate(elements.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    copy.put(elements).putFloat(0, copy.getFloat(0) + 0.01f).flip();
    tensor.clearExternalData().clearDataLocation().setRawData(ByteString.copyFrom(copy));
  }

  @Test
  void aChangedAttributeIsFoundAtItsLayer() {
    var divergence =
        search(
                "float",
                inputs,
                model ->
                    node(model, "attn_layers.layers.1.1.ff.0/Gelu")
                        .getAttributeBuilderList()
                        .stream()
                        .filter(attribute -> attribute.getName().equals("approximate"))
                        .findFirst()
                        .orElseGet(
                            () ->
                                node(model, "attn_layers.layers.1.1.ff.0/Gelu")
                                    .addAttributeBuilder()
                                    .setName("approximate"))
                        .setType(AttributeProto.AttributeType.STRING)
                        .setS(ByteString.copyFromUtf8("tanh")))
            .orElseThrow();
    assertEquals("attn_layers.layers.1.1.ff.0/Gelu", divergence.node());
  }

  @Test
  void swappedHeadsOfAStateTensorAreFoundAtItsLayer() {
    var metadata =
        ModelMetadata.of(
            folder.resolve("state32.onnx"),
            ModelFile.read(folder.resolve("state32.onnx")).metadata());
    var all = new HashMap<String, Tensor>(inputs);
    metadata.state().forEach(pair -> all.put(pair.input(), Tensor.zeros(pair, 2)));
    var divergence =
        search(
                "state",
                all,
                model -> {
                  var graph = model.getGraphBuilder();
                  graph.addInitializer(SWAP);
                  node(model, "attn_layers.layers.2.1/If").setOutput(1, "unswapped");
                  int after = names(graph).indexOf("attn_layers.layers.2.1/If") + 1;
                  graph.addNode(after, GATHER);
                })
            .orElseThrow();
    assertEquals("attn_layers.layers.2.1", divergence.module());
    assertEquals("present_values_1", divergence.value());
  }

  private static List<String> names(GraphProto.Builder graph) {
    return graph.getNodeList().stream().map(NodeProto::getName).toList();
  }
}
