package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtEnvironment;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.CaseChecks;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.Recording;
import ai.transonnx.verification.internal.divergence.DivergenceSearch;
import ai.transonnx.verification.internal.graph.ModelFile;
import ai.transonnx.verification.report.Divergence;
import ai.transonnx.verification.runner.ModelRunner;
import ai.transonnx.verification.runner.Runners;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DivergenceSearchTest {
  private static final CaseFolder CASE = CaseFolder.read(Path.of("cases/x-transformers/rotary"));
  private static final String SOFTMAX = "attn_layers.layers.2.1/Softmax";

  @TempDir private Path folder = Path.of("");
  private Path file = Path.of("");
  private Map<String, Tensor> inputs = Map.of();

  @BeforeEach
  void export() {
    file = folder.resolve("model.onnx");
    var step = CASE.step(0);
    var request = CaseChecks.request(CASE, step).toBuilder().emit(EmitOptions.STANDARD).build();
    CASE.export(request, file);
    try (var recording = Recording.open(CASE.tensors())) {
      inputs = recording.inputs(step);
    }
  }

  private DivergenceSearch.Builder search() {
    return DivergenceSearch.builder(ModelFile.read(file), "call", inputs).rounds(2);
  }

  private static Optional<Divergence> run(DivergenceSearch search, ModelRunner runner) {
    return Optional.ofNullable(search.run(List.of(runner)).get(runner.name()));
  }

  @Test
  void aRuntimeThatIsRightHasNoDivergence() {
    try (var runner = Runners.open("cpu")) {
      assertEquals(Optional.empty(), run(search().build(), runner));
    }
  }

  @Test
  void aWrongOperatorIsFound() {
    try (var runner = new FaultyRunner(SOFTMAX, 1.001f, model -> true)) {
      var divergence = run(search().build(), runner).orElseThrow();
      assertEquals(SOFTMAX, divergence.node());
      assertEquals("attn_layers.layers.2.1", divergence.module());
      assertEquals("Softmax", divergence.operator());
      assertTrue(divergence.error() > divergence.tolerance());
      assertTrue(
          divergence.values().stream()
              .filter(value -> value.module().startsWith("attn_layers.layers.1"))
              .allMatch(value -> value.ratio() <= 1),
          "the layer before is right");
      assertNull(divergence.reproduction());
    }
  }

  @Test
  void slicesGiveTheSameResultAsOneRun() {
    try (var runner = new FaultyRunner(SOFTMAX, 1.001f, model -> true)) {
      var whole = run(search().build(), runner).orElseThrow();
      var sliced = run(search().memory(300_000).build(), runner).orElseThrow();
      assertEquals(whole.node(), sliced.node());
      assertEquals(whole.values().size(), sliced.values().size());
    }
  }

  @Test
  void aFaultOfAFusionIsFound() {
    // The fault disappears if the scores are an output, as that of a fused operator does.
    try (var runner =
        new FaultyRunner(
            SOFTMAX,
            1.001f,
            model ->
                model.getGraph().getNodeList().stream()
                        .anyMatch(
                            node -> node.getOutputList().contains("attn_layers.layers.2.1/MatMul"))
                    && model.getGraph().getOutputList().stream()
                        .noneMatch(
                            port -> port.getName().equals("attn_layers.layers.2.1/MatMul")))) {
      var divergence = run(search().build(), runner).orElseThrow();
      assertEquals(SOFTMAX, divergence.node());
      assertTrue(divergence.description().contains("fuses"), divergence.description());
    }
  }

  @Test
  void aReproductionHasAllFiles() throws Exception {
    try (var runner = new FaultyRunner(SOFTMAX, 1.001f, model -> true)) {
      var search = search().reproductions(folder.resolve("found")).build();
      var divergence = run(search, runner).orElseThrow();
      var reproduction = Path.of(Optional.ofNullable(divergence.reproduction()).orElseThrow());
      try (var files = Files.list(reproduction)) {
        assertEquals(
            List.of(
                "README.txt",
                "Run.java",
                "model.onnx",
                "reproduction.json",
                "run.mjs",
                "run.py",
                "tensors.safetensors"),
            files.map(path -> path.getFileName().toString()).sorted().toList());
      }
      var part = ModelFile.read(reproduction.resolve("model.onnx"));
      assertEquals(1, part.proto().getGraph().getNodeCount());
    }
  }

  @Test
  @Tag("slow")
  void aReproductionRunsByItself() throws Exception {
    try (var runner = new FaultyRunner(SOFTMAX, 1.001f, model -> true)) {
      var search = search().reproductions(folder.resolve("found")).build();
      var divergence = run(search, runner).orElseThrow();
      var reproduction = Path.of(Optional.ofNullable(divergence.reproduction()).orElseThrow());
      assertEquals(0, runProgram(reproduction), "ONNX Runtime is right");
      var settings = reproduction.resolve("reproduction.json");
      var strict =
          Files.readString(settings).replaceFirst("\"tolerance\" : [^,]+", "\"tolerance\" : -1");
      Files.writeString(settings, strict);
      assertEquals(1, runProgram(reproduction), "no difference is small enough");
    }
  }

  private static int runProgram(Path reproduction) throws Exception {
    var runtime = OrtEnvironment.class.getProtectionDomain().getCodeSource().getLocation();
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var command = List.of(java, "-cp", Path.of(runtime.toURI()).toString(), "Run.java");
    return new ProcessBuilder(command)
        .directory(reproduction.toFile())
        .inheritIO()
        .start()
        .waitFor();
  }
}
