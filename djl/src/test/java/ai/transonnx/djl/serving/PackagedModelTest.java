package ai.transonnx.djl.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.onnxruntime.engine.OrtEngineProvider;
import ai.onnxruntime.OrtEnvironment;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.export.ExportRequest;
import ai.transonnx.export.Exporter;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.Generator;
import ai.transonnx.runtime.internal.RequestFields;
import ai.transonnx.runtime.scoring.Scorer;
import ai.transonnx.runtime.text.ByteText;
import ai.transonnx.verification.CaseFolder;
import com.google.gson.Gson;
import com.sun.jna.Native;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

/** A process that has DJL and ONNX Runtime, and nothing else, loads and runs a package. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PackagedModelTest {
  /** The version that DJL 0.38 declares. */
  private static final String DJL_RUNTIME = "1.21.1";

  private static final String BODY =
      "{\"inputs\": \"And the LORD said\", \"parameters\": {\"max_new_tokens\": 20}}";

  private Path folder = Path.of("");
  private Path model = Path.of("");
  private String expected = "";

  @BeforeAll
  void write(@TempDir Path temporary) throws IOException {
    folder = temporary;
    model = folder.resolve("bible");
    var file = folder.resolve("model.onnx");
    var request =
        GraphRequest.builder().incremental(true).emit(EmitOptions.STANDARD.withOpset(21)).build();
    CaseFolder.read(ServedModel.BIBLE).export(request, file);
    ServingPackage.builder(file).build().write(model);
    try (var loaded = OnnxModel.load(file)) {
      var text = new ByteText(128);
      var options = GenerationOptions.builder(20).greedy().build();
      var prompt = text.encode(ServedModel.PROMPT);
      expected = text.decode(Generator.of(loaded).generate(prompt, options).tokens(0));
    }
    var program = path(ServingProcess.class);
    for (var name :
        List.of(
            "ai/transonnx/djl/serving/ServingProcess",
            // Whatever has these names cannot be loaded.
            "com/google/protobuf/CodedInputStream",
            "com/fasterxml/jackson/databind/JsonNode")) {
      var copy = folder.resolve("program/" + name + ".class");
      Files.createDirectories(copy.getParent());
      Files.copy(program.resolve("ai/transonnx/djl/serving/ServingProcess.class"), copy);
    }
  }

  private static Path path(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> run(Path runtime, Path model, String... bodies) throws Exception {
    var classPath =
        Stream.concat(
                Stream.of(folder.resolve("program"), runtime),
                Stream.of(
                        Engine.class,
                        OrtEngineProvider.class,
                        Gson.class,
                        Native.class,
                        ArchiveEntry.class,
                        Logger.class)
                    .map(PackagedModelTest::path))
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dai.djl.offline=true"));
    command.addAll(List.of("-cp", classPath, ServingProcess.class.getName(), model.toString()));
    command.addAll(List.of(bodies));
    var errors = folder.resolve("errors.txt");
    var builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().put("DJL_CACHE_DIR", folder.resolve("cache").toString());
    var process = builder.start();
    process.getOutputStream().close();
    List<String> lines;
    try (var reader = process.inputReader()) {
      lines = reader.lines().toList();
    }
    assertEquals(0, process.waitFor(), () -> read(errors));
    assertFalse(read(errors).contains("loaded a second time"), () -> read(errors));
    return lines;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private void check(List<String> lines) throws IOException {
    assertEquals(3, lines.size(), lines::toString);
    assertTrue(lines.get(1).startsWith("200 "), lines.get(1));
    var response = RequestFields.JSON.readTree(lines.get(1).substring(4));
    assertEquals(expected, response.path("generated_text").textValue());
    assertTrue(lines.get(2).startsWith("400 {"), lines.get(2));
  }

  @Test
  void withTheRuntimeOfThisProject() throws Exception {
    check(run(path(OrtEnvironment.class), model, BODY, "{}"));
  }

  @Test
  void withTheTokenizerOfTheModel() throws Exception {
    var base = CaseFolder.read(ServedModel.GOLDEN.resolve("cases/token-shift-gpt/base"));
    var file = folder.resolve("words.onnx");
    var graph = GraphRequest.builder().emit(EmitOptions.STANDARD.withOpset(21)).build();
    Exporter.export(
        ExportRequest.builder(base.architecture(), base.weights(), file)
            .graph(graph)
            .tokenizer(Path.of("src/test/resources/tokenizer/tokenizer.json"))
            .build());
    var words = folder.resolve("words");
    ServingPackage.builder(file).task(ServedTask.SCORE).build().write(words);
    double[] bits;
    try (var loaded = OnnxModel.load(file)) {
      bits = Scorer.of(loaded).bits(1, 2, 3, 4); // in the beginning god
    }
    var lines = run(path(OrtEnvironment.class), words, "{\"inputs\": \"In the beginning God\"}");
    var scores = RequestFields.JSON.readTree(lines.get(1).substring(4)).path("bits");
    assertEquals(bits.length, scores.size());
    assertEquals(bits[2], scores.path(2).doubleValue(), 1e-4);
  }

  @Test
  void withTheRuntimeOfDjl() throws Exception {
    var versions = path(OrtEnvironment.class).getParent().getParent();
    var runtime = versions.resolve(DJL_RUNTIME).resolve("onnxruntime-" + DJL_RUNTIME + ".jar");
    Assumptions.assumeTrue(
        Files.exists(runtime),
        "install it with: mvn dependency:get -Dartifact=com.microsoft.onnxruntime:onnxruntime:"
            + DJL_RUNTIME);
    check(run(runtime, model, BODY, "{}"));
  }
}
