package consumer;

import ai.transonnx.export.ExportRequest;
import ai.transonnx.export.Exporter;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.text.Tokenizers;
import ai.transonnx.tokenshift.TokenShiftGpt;
import ai.transonnx.tokenshift.TokenShiftGptConfig;
import ai.transonnx.verification.CaseReport;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * Verifies a case folder, the first argument, runs the documents' programs, and opens a tokenizer,
 * the second argument. The working directory must have {@code model.safetensors}.
 */
public final class Program {
  private static final int CALLERS = 4;

  private Program() {}

  public static void main(String[] arguments) throws Exception {
    var folder = Path.of(arguments[0]);
    var report = CaseReport.of(folder, ModelOptions.defaults(), EmitOptions.STANDARD);
    if (!report.agrees() || report.checks() == 0) {
      throw new AssertionError(report);
    }
    System.out.println("verified");
    var gpt =
        new TokenShiftGpt(
            TokenShiftGptConfig.builder().numTokens(128).dim(128).maxSeqLen(256).depth(4).build());
    Exporter.export(
        ExportRequest.builder(gpt, Path.of("model.safetensors"), Path.of("logits.onnx")).build());
    System.out.println("exported");
    Readme.exportAndGenerate();
    System.out.println("generated");
    JavaGuide.exportAndGenerate();
    JavaGuide.continueTexts();
    try (var tokenizer = Tokenizers.open(Path.of(arguments[1]))) {
      System.out.println(tokenizer.decode(tokenizer.encode("tokenized")));
    }
    var callers =
        Stream.generate(() -> CompletableFuture.runAsync(JavaGuide::serve)).limit(CALLERS).toList();
    callers.forEach(CompletableFuture::join);
    System.out.println("served");
    DjlGuide.continueText();
    JavaGuide.listenAndSave();
    System.out.println("continued");
    System.out.println(OwnConfig.builder().width(3).build());
  }
}
