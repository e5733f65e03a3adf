package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.OutputPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Checks of the files that a command writes at its end. */
final class ReportFiles {
  private ReportFiles() {}

  /**
   * Refuses an output that cannot be written before the models run.
   *
   * @param models files that it must not replace
   * @throws InputException if its folder is missing, or it is a model
   */
  static void check(Path file, Path... models) {
    try {
      var resolved = OutputPath.resolve(file);
      for (var model : models) {
        if (Files.exists(resolved) && Files.exists(model) && Files.isSameFile(resolved, model)) {
          throw new InputException(
              "%s: the report cannot be written: this is the model".formatted(file));
        }
      }
    } catch (IOException e) {
      throw new InputException(
          "%s: the report cannot be written: %s"
              .formatted(file, FileErrors.reason(e, "its directory is missing")),
          e);
    }
  }
}
