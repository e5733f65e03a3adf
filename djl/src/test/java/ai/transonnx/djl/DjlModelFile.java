package ai.transonnx.djl;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.verification.CaseFolder;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A temporary file for the models that a test exports. */
abstract class DjlModelFile {
  /** The golden cases and trained models. */
  static final Path GOLDEN = Path.of("../golden-tests");

  static final Path BIBLE = GOLDEN.resolve("trained/token-shift-gpt/bible");
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
