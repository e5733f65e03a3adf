package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.export.Export;
import ai.transonnx.export.Exporter;
import ai.transonnx.export.Origin;
import ai.transonnx.export.Weights;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.Generator;
import ai.transonnx.tokenshift.TokenShiftGpt;
import ai.transonnx.tokenshift.TokenShiftGptConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's Java, run as it stands there. */
class ReadmeTest {
  private static final Path WEIGHTS = Path.of("trained/token-shift-gpt/bible/weights.safetensors");

  @TempDir private static Path folder;

  /** In place of java.nio.file.Path below: files of the test. */
  private static Path path(String name) {
    return name.endsWith(".safetensors") ? WEIGHTS : folder.resolve(name);
  }

  @Test
  void theLibraryExportsAndGenerates() {
    var gpt =
        new TokenShiftGpt(
            TokenShiftGptConfig.builder().numTokens(128).dim(128).maxSeqLen(256).depth(4).build());
    var model = gpt.build(GraphRequest.main().withIncremental(true));
    try (var weights = Weights.open(path("model.safetensors"))) {
      Exporter.export(Export.of(model, weights, Origin.of(gpt), path("model.onnx")));
    }
    try (var loaded = OnnxModel.load(path("model.onnx"))) {
      var options = GenerationOptions.builder(20).greedy().build();
      long[] tokens = new Generator(loaded).generate(new long[] {72, 105}, options).tokens(0);
      assertEquals(20, tokens.length);
    }
  }

  @Test
  void theReadmeShowsTheSameLines() throws IOException {
    var here =
        lines(Files.readString(Path.of("src/test/java/ai/transonnx/golden/ReadmeTest.java")));
    var readme = Files.readString(Path.of("../README.md"));
    int start = readme.indexOf("```java\n") + "```java\n".length();
    for (var line : lines(readme.substring(start, readme.indexOf("```", start)))) {
      var wanted = line.replace("Path.of(", "path(");
      assertTrue(here.contains(wanted), () -> "not run by a test: " + line);
    }
  }

  private static List<String> lines(String text) {
    return text.lines().map(String::strip).toList();
  }
}
