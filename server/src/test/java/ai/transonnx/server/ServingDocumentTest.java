package ai.transonnx.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.documents.Document;
import ai.transonnx.documents.JavaBlocks;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java of docs/serving.md, with the clients that it names. */
class ServingDocumentTest {
  private static final String IMPORTS =
      """
      import ai.transonnx.runtime.*;
      import ai.transonnx.runtime.embedding.*;
      import ai.transonnx.runtime.text.*;
      import ai.transonnx.server.*;
      import java.nio.file.*;
      """;

  @Test
  void javaCompiles(@TempDir Path folder) throws IOException {
    var document = Document.of("docs/serving.md");
    var java = new JavaBlocks(IMPORTS, "OnnxModel model; Tokenizer tokenizer;", folder);
    java.add(document);
    assertEquals(document.fenced("java").size(), java.count());
    java.assertCompile();
  }
}
