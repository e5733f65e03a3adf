package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Target;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.ModelVerification;
import ai.transonnx.verification.report.Divergence;
import ai.transonnx.verification.report.VerificationReport;
import ai.transonnx.verification.runner.LoadedModel;
import ai.transonnx.verification.runner.ModelRunner;
import ai.transonnx.verification.runner.RunnerFingerprint;
import ai.transonnx.verification.runner.Runners;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of a file, and a runtime that computes something else, are found and located. */
class ChangedModelTest {
  private static final CaseFolder CASE = CaseFolder.read(Path.of("cases/x-transformers/alibi"));
  private static final String CPU = "cpu:none:threads=1";

  @TempDir private Path folder;

  private Path model;

  @BeforeEach
  void export() {
    model = folder.resolve("model.onnx");
    CASE.export(GraphRequest.builder().incremental(true).build(), model);
  }

  private void change(Consumer<ModelProto.Builder> change) throws IOException {
    var proto = ModelProto.parseFrom(Files.readAllBytes(model)).toBuilder();
    change.accept(proto);
    Files.write(model, proto.build().toByteArray());
  }

  /** Changes an element of the first weight whose name begins so. */
  private void changeElement(String weight) throws IOException {
    change(
        proto -> {
          for (var tensor : proto.getGraphBuilder().getInitializerBuilderList()) {
            if (tensor.getName().startsWith(weight)) {
              var bytes = tensor.getRawData().toByteArray();
              var elements = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
              elements.putFloat(20, elements.getFloat(20) + 0.001f);
              tensor.setRawData(ByteString.copyFrom(bytes));
              return;
            }
          }
          throw new AssertionError("there is no such weight");
        });
  }

  /** Grouped-query attention with a window has no float64 form; this window is never full. */
  @Test
  void aFileWithoutFloat64FormIsComparedWithItsClassAsItIs() throws IOException {
    var golden = CaseFolder.read(Path.of("cases/x-transformers/decoder"));
    var emit = EmitOptions.STANDARD.withTarget(Target.ONNXRUNTIME);
    golden.export(GraphRequest.builder().emit(emit).build(), model);
    change(ChangedModelTest::addWindow);
    var verification = ModelVerification.builder(model).on(CPU).weights(golden.weights()).build();
    var right = verification.run();
    right.assertPassed();
    assertTrue(Objects.requireNonNull(right.structure()).tolerance() > 1e-9, "not in float64");
    changeElement("attn_layers.layers.2.1.to_out");
    assertEquals("", structure(verification.run()).module());
  }

  private static void addWindow(ModelProto.Builder proto) {
    for (var node : proto.getGraphBuilder().getNodeBuilderList()) {
      if (node.getOpType().equals("GroupQueryAttention")) {
        node.addAttributeBuilder()
            .setName("local_window_size")
            .setType(AttributeProto.AttributeType.INT)
            .setI(4096);
      }
    }
  }

  private static Divergence structure(VerificationReport report) {
    assertFalse(report.passed());
    return Objects.requireNonNull(Objects.requireNonNull(report.structure()).divergence());
  }

  @Test
  void oneWeightElementIsFoundInItsLayer() throws IOException {
    var layer = "attn_layers.layers.2.1";
    changeElement(layer + ".to_out");
    var own = ModelVerification.builder(model).on(CPU).build().run();
    assertTrue(own.passed(), "its own weights are right by themselves");
    var report = ModelVerification.builder(model).on(CPU).weights(CASE.weights()).build().run();
    assertEquals(layer + ".to_out", structure(report).module());
  }

  @Test
  void oneAttributeIsFoundInItsLayer() throws IOException {
    change(
        proto -> {
          var node =
              proto.getGraphBuilder().getNodeBuilderList().stream()
                  .filter(n -> n.getName().startsWith("attn_layers.layers.1."))
                  .filter(n -> n.getOpType().equals("LayerNormalization"))
                  .findFirst()
                  .orElseThrow();
          node.getAttributeBuilderList().stream()
              .filter(attribute -> attribute.getName().equals("epsilon"))
              .forEach(attribute -> attribute.setF(1e-3f));
        });
    var report = ModelVerification.builder(model).on(CPU).build().run();
    var module = structure(report).module();
    assertTrue(module.startsWith("attn_layers.layers.1."), module);
  }

  @Test
  void headsThatTheFileSwapsWithAnInitializerOfItsOwnAreFoundInTheState() throws IOException {
    change(
        proto -> {
          var graph = proto.getGraphBuilder();
          for (var node : graph.getNodeBuilderList()) {
            for (int i = 0; i < node.getOutputCount(); i++) {
              node.setOutput(i, node.getOutput(i).replace("present_keys_1", "straight"));
            }
            for (int i = 0; i < node.getInputCount(); i++) {
              node.setInput(i, node.getInput(i).replace("present_keys_1", "straight"));
            }
          }
          graph.addInitializer(
              TensorProto.newBuilder()
                  .setName("order")
                  .setDataType(7)
                  .addDims(4)
                  .addAllInt64Data(List.of(1L, 0L, 2L, 3L)));
          var axis = AttributeProto.newBuilder().setName("axis").setI(1);
          graph.addNode(
              NodeProto.newBuilder()
                  .setOpType("Gather")
                  .addInput("straight")
                  .addInput("order")
                  .addOutput("present_keys_1")
                  .addAttribute(axis.setType(AttributeProto.AttributeType.INT)));
        });
    var report = ModelVerification.builder(model).on(CPU).build().run();
    assertFalse(report.passed(), report.summary());
    var text = structure(report).description();
    assertTrue(text.contains("'present_keys_1'"), text);
  }

  @Test
  void swappedHeadsOfAStateAreFoundInTheTensor() {
    try (var runner = new SwappedHeads(Runners.open(CPU))) {
      var reproductions = folder.resolve("reproductions");
      var verification =
          ModelVerification.builder(model)
              .on(runner)
              .on(runner)
              .reproductions(reproductions)
              .build();
      var error = assertThrows(AssertionError.class, () -> verification.run().assertPassed());
      var text = String.valueOf(error.getMessage());
      assertTrue(text.contains("\n  swapped   FAILED   at most 3.17e6 times the tolerance"), text);
      assertTrue(text.contains("is in prefill:\n  present_keys_0 float32 "), text);
      assertTrue(text.contains("\n  reproduction: " + reproductions), text);
      assertTrue(Files.exists(reproductions.resolve("swapped-prefill/run.py")), text);
      assertTrue(Files.exists(reproductions.resolve("swapped-prefill-2/run.py")), text);
      assertTrue(text.contains("\n  the error begins at If in attn_layers.layers.0.1\n"), text);
    }
  }

  /** A runtime that returns the heads of the first keys in another order. */
  private record SwappedHeads(ModelRunner runner) implements ModelRunner {
    @Override
    public String name() {
      return "swapped";
    }

    @Override
    public RunnerFingerprint fingerprint() {
      return runner.fingerprint();
    }

    @Override
    public LoadedModel load(Path file) {
      var loaded = runner.load(file);
      return new LoadedModel() {
        @Override
        public Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> outputs) {
          var results = new HashMap<>(loaded.run(inputs, outputs));
          results.computeIfPresent("present_keys_0", (name, keys) -> swapped(keys));
          return results;
        }

        @Override
        public void close() {
          loaded.close();
        }
      };
    }

    /** The heads are the second axis, of size 2. */
    private static Tensor swapped(Tensor keys) {
      int half = keys.size() / (int) keys.shape()[0] / 2;
      var floats = keys.floats();
      var other = floats.clone();
      for (int start = 0; start < floats.length; start += 2 * half) {
        System.arraycopy(floats, start, other, start + half, half);
        System.arraycopy(floats, start + half, other, start, half);
      }
      return Tensor.ofFloats(other, keys.shape());
    }

    @Override
    public void close() {
      runner.close();
    }
  }
}
