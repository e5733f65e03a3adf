package ai.transonnx.golden;

import ai.transonnx.architecture.GraphRequest;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A file of a test's own, that it exports models to. */
abstract class DjlModelFile {
  static final Path BIBLE = Path.of("trained/token-shift-gpt/bible");
  static final String PROMPT = "And the LORD said";

  @TempDir Path folder;

  Path file = Path.of("");

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("model.onnx");
  }

  Path export(Path path, GraphRequest request) {
    CaseFolder.read(path).export(request, file);
    return file;
  }
}
