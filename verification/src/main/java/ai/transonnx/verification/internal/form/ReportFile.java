package ai.transonnx.verification.internal.form;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.PendingFiles;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Writes texts to files in UTF-8, completely or not at all. Threads may share it. */
public final class ReportFile {
  /** Writes a text. */
  @FunctionalInterface
  public interface Content {
    void writeTo(Writer writer) throws IOException;
  }

  private ReportFile() {}

  /**
   * Writes a file, which replaces the existing one when it is complete.
   *
   * @throws InputException if the file cannot be written; the message names it
   */
  public static void write(Path file, Content content) {
    try (var files = new PendingFiles()) {
      var writer =
          new BufferedWriter(new OutputStreamWriter(files.create(file), StandardCharsets.UTF_8));
      content.writeTo(writer);
      writer.flush();
      files.commit();
    } catch (IOException e) {
      var reason = FileErrors.reason(e, "its directory is missing");
      throw new InputException("%s: the report cannot be written: %s".formatted(file, reason), e);
    }
  }
}
