package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.quality.ModelComparison;
import ai.transonnx.runtime.quality.QualityReport;
import ai.transonnx.verification.CaseFolder;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms of a golden case's model have the same predictions. */
class QualityCasesTest {
  private static final ModelOptions ONE_THREAD = ModelOptions.builder().threads(1).build();

  @TempDir private Path folder;

  private QualityReport compare(CaseFolder candidate, GraphRequest first, GraphRequest second) {
    var candidateFile = folder.resolve("candidate.onnx");
    var referenceFile = folder.resolve("reference.onnx");
    candidate.export(first, candidateFile);
    candidate.export(second, referenceFile);
    try (var model = OnnxModel.load(candidateFile, ONE_THREAD);
        var reference = OnnxModel.load(referenceFile, ONE_THREAD)) {
      int vocabulary = model.vocabulary().orElseThrow();
      var tokens = new Random(7).longs(150, 0, vocabulary).toArray();
      return ModelComparison.builder(model, reference).build().compare(tokens);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cases/token-shift-gpt/base",
        "cases/x-transformers/decoder-mask",
        "trained/FLASH-pytorch/bible",
        "trained/block-recurrent-transformer-pytorch/bible",
        "trained/x-transformers/bible"
      })
  void wholeAndIncrementalModelsAreEqual(String name) {
    var folder = CaseFolder.read(Path.of(name));
    var incremental = GraphRequest.builder().incremental(true);
    var report =
        compare(folder, incremental.batch(2).build(), GraphRequest.builder().length(16).build());
    assertNotNull(report.perplexity());
    assertEquals(149, report.positions());
    assertEquals(0, report.divergence().largest(), 1e-8);
    assertEquals(1, report.perplexity().ratio(), 1e-5);
    report = compare(folder, GraphRequest.main(), incremental.lastLogits(true).build());
    assertEquals(0, report.divergence().largest(), 1e-8);
  }

  @Test
  void aMaskedLanguageModelHasNoPerplexity() {
    var encoder = CaseFolder.read(Path.of("cases/x-transformers/alibi-encoder"));
    var report = compare(encoder, GraphRequest.main(), GraphRequest.main());
    assertNull(report.perplexity());
    assertEquals(150, report.positions());
    assertEquals(0, report.divergence().largest(), 1e-8);
  }
}
