package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.export.ExportRequest;
import ai.transonnx.export.Exporter;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Quantization;
import ai.transonnx.graph.QuantizedType;
import ai.transonnx.runtime.quality.QualityGate;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.CaseTokens;
import ai.transonnx.verification.QualityAcceptance;
import ai.transonnx.verification.QualityGateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/quality.md. */
class QualityDocumentTest {
  private static final CaseFolder CASE = CaseFolder.read(Path.of("trained/x-transformers/bible"));

  @TempDir private Path folder;

  @Test
  void anExportHoldsItsGate() {
    var architecture = CASE.architecture();
    var weights = CASE.weights();
    var tokens = CaseTokens.of(CASE.path());
    var output = folder.resolve("int4.onnx");
    var int4 = EmitOptions.STANDARD.withQuantization(Quantization.of(QuantizedType.INT4));
    var acceptance =
        QualityAcceptance.builder(QualityGate.of("kld=0.01"), tokens)
            .reference(file -> ExportRequest.builder(architecture, weights, file).build())
            .build();
    Exporter.export(
        ExportRequest.builder(architecture, weights, output)
            .graph(GraphRequest.builder().emit(int4).build())
            .acceptance(acceptance)
            .build());
    assertTrue(Files.exists(output));
  }

  @Test
  void anExportThatFailsItsGateHasFigures() throws IOException {
    var acceptance =
        QualityAcceptance.builder(QualityGate.of("kld=0"), new long[] {1, 2, 3})
            .reference(
                file -> ExportRequest.builder(CASE.architecture(), CASE.weights(), file).build())
            .build();
    var int4 = EmitOptions.STANDARD.withQuantization(Quantization.of(QuantizedType.INT4));
    var request =
        ExportRequest.builder(CASE.architecture(), CASE.weights(), folder.resolve("int4.onnx"))
            .graph(GraphRequest.builder().emit(int4).build())
            .acceptance(acceptance)
            .build();
    var e = assertThrows(QualityGateException.class, () -> Exporter.export(request));
    assertTrue(e.result().quality().divergence().mean() > 0);
    try (var files = Files.list(folder)) {
      assertTrue(files.findAny().isEmpty(), "files are left");
    }
  }

  @Test
  void everyJavaLineOfTheDocumentIsTested() throws IOException {
    new DocumentedCode(Path.of("../docs/quality.md")).assertRunBy(QualityDocumentTest.class);
  }
}
