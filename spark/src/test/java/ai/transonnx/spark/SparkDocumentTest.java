package ai.transonnx.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.documents.Document;
import ai.transonnx.documents.JavaBlocks;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java of docs/spark.md; {@code SubmittedJobTest} also runs its job. */
class SparkDocumentTest {
  @Test
  void javaCompiles(@TempDir Path folder) throws IOException {
    var document = Document.of("docs/spark.md");
    var java = new JavaBlocks("", "", folder);
    java.add(document);
    assertEquals(document.fenced("java").size(), java.count());
    java.assertCompile();
  }
}
