package ai.transonnx.verification.report;

import ai.transonnx.InputException;
import ai.transonnx.verification.internal.form.RecordWriter;
import ai.transonnx.verification.internal.form.ReportFile;
import ai.transonnx.verification.internal.form.ShallowIndenter;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;

/**
 * Comparisons as JSON: the keys are the components of {@link QualityResult} and of the records in
 * it. Infinity and NaN are strings. Has no state, so threads may share it.
 */
public final class QualityJson {
  private static final JsonFactory FACTORY = new JsonFactory();

  /** The depth of figures; ranges of positions are deeper. */
  private static final int DEEPEST_LINES = 2;

  private QualityJson() {}

  /**
   * Writes a result to a file, which replaces an existing one when it is complete.
   *
   * @throws InputException if the file cannot be written
   */
  public static void write(QualityResult result, Path file) {
    ReportFile.write(file, writer -> write(result, writer));
  }

  /** A result as JSON. */
  public static String text(QualityResult result) {
    var text = new StringWriter();
    try {
      write(result, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(QualityResult result, Writer writer) throws IOException {
    var lines = new DefaultPrettyPrinter().withObjectIndenter(new ShallowIndenter(DEEPEST_LINES));
    try (var json = FACTORY.createGenerator(writer)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.setPrettyPrinter(lines);
      RecordWriter.write(result, json);
      json.writeRaw('\n');
    }
  }
}
