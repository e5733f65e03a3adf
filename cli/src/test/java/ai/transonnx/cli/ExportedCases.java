package ai.transonnx.cli;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Tests of commands, with a folder for the models that they export. */
abstract class ExportedCases {
  static final Path CASES = Path.of("../golden-tests/cases/token-shift-gpt");
  static final Path FORMATS = Path.of("../golden-tests/formats");
  static final Path TRAINED = Path.of("../golden-tests/trained/token-shift-gpt/bible");

  @TempDir Path folder;

  Path exported(Path caseFolder, String... options) {
    return CommandRun.exported(caseFolder, folder.resolve("model.onnx"), options);
  }
}
