package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
import java.nio.file.Path;
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
    new DocumentedCode(Path.of("../README.md")).assertRunBy(ReadmeTest.class);
  }
}
