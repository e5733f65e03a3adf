package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.documents.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;

/** The code in a document. */
record DocumentedCode(Path document) {
  /** The blocks of a language, in order. */
  List<String> blocks(String language) throws IOException {
    return new Document(document).fenced(language);
  }

  /** Asserts that tests contain every line of the document's Java, apart from paths and imports. */
  void assertRunBy(Class<?>... tests) throws IOException {
    var tested = new HashSet<String>();
    for (var test : tests) {
      var source = Path.of("src/test/java", test.getName().replace('.', '/') + ".java");
      Files.readString(source).lines().map(String::strip).forEach(tested::add);
    }
    for (var block : blocks("java")) {
      for (var line : block.lines().map(String::strip).filter(DocumentedCode::isCode).toList()) {
        var wanted = line.replace("Path.of(", "path(");
        assertTrue(tested.contains(wanted), () -> document + ": not run by a test: " + line);
      }
    }
  }

  private static boolean isCode(String line) {
    return !line.startsWith("import ");
  }
}
