package ai.transonnx.cli;

import ai.transonnx.verification.internal.form.ReportFile;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The results of a command as JSON, in a file or as its only output. */
final class JsonOption {
  private static final String PRINTED = "-";

  @Option(
      names = "--json",
      arity = "0..1",
      fallbackValue = PRINTED,
      paramLabel = "FILE",
      description = {
        "Write the results as JSON to FILE. Without FILE, print them instead of the text for"
            + " people.",
        "A word after --json is FILE, so MODEL.onnx comes before it."
      })
  private @Nullable Path target;

  /** Whether JSON is printed, and nothing else. */
  boolean isPrinted() {
    return target != null && target.toString().equals(PRINTED);
  }

  /** The file to write; empty if there is none. */
  Optional<Path> file() {
    return isPrinted() ? Optional.empty() : Optional.ofNullable(target);
  }

  /**
   * Writes the results if they are requested.
   *
   * @param json a JSON text that ends with a line end
   * @throws ai.transonnx.InputException if the file cannot be written
   */
  void write(CommandSpec command, Supplier<String> json) {
    if (isPrinted()) {
      command.commandLine().getOut().print(json.get());
    }
    file().ifPresent(file -> ReportFile.write(file, writer -> writer.write(json.get())));
  }
}
