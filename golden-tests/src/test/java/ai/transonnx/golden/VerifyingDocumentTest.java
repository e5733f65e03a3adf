package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.ModelVerification;
import ai.transonnx.verification.report.ReportJson;
import ai.transonnx.verification.report.page.ReportPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/verifying.md. */
class VerifyingDocumentTest {
  private static final CaseFolder CASE = CaseFolder.read(Path.of("cases/token-shift-gpt/base"));

  @TempDir private Path folder;

  private Path path(String name) {
    return name.endsWith(".safetensors") ? CASE.weights() : folder.resolve(name);
  }

  @BeforeEach
  void export() {
    CASE.export(GraphRequest.builder().incremental(true).build(), path("model.onnx"));
  }

  @Test
  void theModelIsRight() {
    ModelVerification.builder(path("model.onnx"))
        .on("cpu:*,cpu:threads=1")
        .build()
        .run()
        .assertPassed();
  }

  @Test
  void theReportIsWritten() throws IOException {
    var report =
        ModelVerification.builder(path("model.onnx"))
            .weights(path("model.safetensors"))
            .seed(7)
            .build()
            .run();
    ReportPage.write(report, path("report.html"));
    ReportJson.write(report, path("report.json"));
    System.out.println(report.summary());
    assertTrue(Files.exists(folder.resolve("report.html")));
  }

  @Test
  void everyJavaLineOfTheDocumentIsTested() throws IOException {
    new DocumentedCode(Path.of("../docs/verifying.md")).assertRunBy(VerifyingDocumentTest.class);
  }
}
