package ai.transonnx.verification.report;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.PlainFile;
import ai.transonnx.verification.internal.form.RecordReader;
import ai.transonnx.verification.internal.form.RecordWriter;
import ai.transonnx.verification.internal.form.ReportFile;
import ai.transonnx.verification.internal.form.ShallowIndenter;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.Set;

/**
 * Reports as JSON: the keys are the components of {@link VerificationReport} and of the records in
 * it. Infinity and NaN are strings.
 *
 * <pre>{@code
 * ReportJson.write(report, Path.of("report.json"));
 * ReportJson.read(Path.of("report.json")).equals(report); // true
 * }</pre>
 *
 * <p>Has no state, so threads may share it.
 */
public final class ReportJson {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** The records of a report take up to eight times as much memory as its text. */
  private static final long MAX_BYTES = Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 16);

  /** The depth of tensors; their elements are deeper. */
  private static final int DEEPEST_LINES = 4;

  /** The components that may be null. */
  static final Set<String> NULLABLE =
      Set.of(
          "VerificationReport.structure",
          "Run.command",
          "ModelIdentity.className",
          "StructureReport.divergence",
          "RunnerReport.message",
          "RunnerReport.install",
          "RunnerReport.fingerprint",
          "RunnerReport.divergence",
          "CallReport.state",
          "TensorReport.error",
          "TensorReport.mismatch",
          "Divergence.reproduction");

  private ReportJson() {}

  /**
   * Writes a report to a file, which replaces an existing one when it is complete.
   *
   * @throws InputException if the file cannot be written
   */
  public static void write(VerificationReport report, Path file) {
    ReportFile.write(file, writer -> write(report, writer));
  }

  /** A report as JSON. */
  public static String text(VerificationReport report) {
    var text = new StringWriter();
    try {
      write(report, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(VerificationReport report, Writer writer) throws IOException {
    var lines = new DefaultPrettyPrinter().withObjectIndenter(new ShallowIndenter(DEEPEST_LINES));
    try (var json = FACTORY.createGenerator(writer)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.setPrettyPrinter(lines);
      RecordWriter.write(report, json);
      json.writeRaw('\n');
    }
  }

  /**
   * Reads a report that {@link #write} has written.
   *
   * @throws InputException if the file cannot be read, has more than 256 MiB or more than a 16th of
   *     the heap, is of another version, or is malformed; the message names the file and the field
   */
  public static VerificationReport read(Path file) {
    try {
      checkVersion(file);
      try (var json = open(file)) {
        return new RecordReader(json, NULLABLE).read(VerificationReport.class);
      }
    } catch (InputException e) {
      throw new InputException(file + ": " + e.getMessage(), e);
    } catch (JsonProcessingException e) {
      var position = e.getLocation();
      throw new InputException(
          position == null
              ? file + ": not JSON"
              : "%s: not JSON at line %s, column %s"
                  .formatted(file, position.getLineNr(), position.getColumnNr()),
          e);
    } catch (IOException e) {
      throw new InputException(file + ": " + FileErrors.unreadable(e), e);
    }
  }

  private static JsonParser open(Path file) throws IOException {
    var channel = PlainFile.channel(file);
    try {
      if (channel.size() > MAX_BYTES) {
        throw new InputException(
            "the file has %s bytes; a report may have %s".formatted(channel.size(), MAX_BYTES));
      }
      return FACTORY.createParser(Channels.newInputStream(channel));
    } catch (IOException | InputException e) {
      channel.close();
      throw e;
    }
  }

  /** A report of another version has other fields, so its version is read before them. */
  private static void checkVersion(Path file) throws IOException {
    try (var json = open(file)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new InputException("this is not a report of 'transonnx verify --json'");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        var field = json.currentName();
        json.nextToken();
        if (field.equals("format")) {
          checkVersion(json);
          return;
        }
        json.skipChildren();
      }
      throw new InputException(
          "format: this field is missing; it is not a report of 'transonnx verify --json'");
    }
  }

  private static void checkVersion(JsonParser json) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_NUMBER_INT
        || json.getNumberType() != JsonParser.NumberType.INT) {
      throw new InputException("format: the version must be a whole number");
    }
    if (json.getIntValue() != VerificationReport.FORMAT) {
      throw new InputException(
          "format: the version is %s; this program reads version %s: make the report anew"
              .formatted(json.getIntValue(), VerificationReport.FORMAT));
    }
  }
}
