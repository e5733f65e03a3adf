package ai.transonnx.verification.report;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.PlainFile;
import ai.transonnx.verification.internal.form.RecordReader;
import ai.transonnx.verification.internal.form.RecordWriter;
import ai.transonnx.verification.report.RunnerReport.CallReport;
import ai.transonnx.verification.report.VerificationReport.Reference;
import ai.transonnx.verification.runner.RunnerFingerprint;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The record of a passed verification that belongs to a model file, {@code MODEL.onnx.proof.json}.
 * The components are the keys of its JSON. Immutable, so threads may share it.
 *
 * @param format the version of this structure, {@link #FORMAT}
 * @param tool the program that verified the file
 * @param time when it did, in UTC
 * @param sha256 of the model file followed by its external data files
 * @param cases the golden cases that it was verified with
 * @param seed the seed of made inputs and of random roundings
 * @param factor the tolerance is this number times the error that rounding alone causes
 * @param reference where the expected values came from
 * @param structure the comparison with the class of the configuration; null if there was none
 * @param runtimes the results of each runtime
 */
public record VerificationProof(
    int format,
    String tool,
    String time,
    String sha256,
    List<Source> cases,
    long seed,
    double factor,
    Reference reference,
    @Nullable Structure structure,
    List<RuntimeResult> runtimes) {
  /** The current version of the JSON structure. */
  public static final int FORMAT = 1;

  /** The end of the file's name, after that of the model. */
  public static final String SUFFIX = ".proof.json";

  private static final int MAX_BYTES = 4 << 20;

  private static final Set<String> NULLABLE =
      Set.of("VerificationProof.structure", "RuntimeResult.fingerprint", "RuntimeResult.worst");

  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  public VerificationProof {
    cases = List.copyOf(cases);
    runtimes = List.copyOf(runtimes);
  }

  /**
   * A golden case.
   *
   * @param sha256 of its description followed by its tensors
   */
  public record Source(String name, String sha256) {}

  /** The largest difference from the class, relative to the magnitude of a tensor. */
  public record Structure(String description, double error, double tolerance) {}

  /**
   * The results of a runtime.
   *
   * @param calls the number of compared calls
   * @param worst the tensor that came nearest to its tolerance; null if no call ran
   */
  public record RuntimeResult(
      String name,
      RunnerReport.Status status,
      @Nullable RunnerFingerprint fingerprint,
      int calls,
      @Nullable Worst worst) {}

  /** A tensor of a call, with its error, and what rounding alone causes. */
  public record Worst(
      String call, String tensor, double error, double rounding, double tolerance) {}

  /** The file with the proof of a model. */
  public static Path beside(Path model) {
    return model.resolveSibling(model.getFileName() + SUFFIX);
  }

  /**
   * The proof of a report.
   *
   * @param cases the golden cases whose inputs the calls had
   * @throws IllegalArgumentException if the verification has not passed
   */
  public static VerificationProof of(VerificationReport report, List<Source> cases) {
    if (!report.passed()) {
      throw new IllegalArgumentException("a verification that failed proves nothing");
    }
    var structure = report.structure();
    return new VerificationProof(
        FORMAT,
        report.run().tool(),
        report.run().time(),
        report.model().sha256(),
        cases,
        report.seed(),
        report.factor(),
        report.reference(),
        structure == null
            ? null
            : new Structure(structure.description(), structure.error(), structure.tolerance()),
        report.runners().stream().map(VerificationProof::runtime).toList());
  }

  private static RuntimeResult runtime(RunnerReport runner) {
    return new RuntimeResult(
        runner.name(),
        runner.status(),
        runner.fingerprint(),
        runner.calls().size(),
        runner.calls().stream()
            .filter(call -> !call.tensors().isEmpty())
            .max(Comparator.comparingDouble(call -> worst(call).ratio()))
            .map(call -> worst(call, worst(call)))
            .orElse(null));
  }

  private static TensorReport worst(CallReport call) {
    return call.tensors().stream()
        .max(Comparator.comparingDouble(TensorReport::ratio))
        .orElseThrow();
  }

  private static Worst worst(CallReport call, TensorReport tensor) {
    var error = tensor.error();
    return new Worst(
        call.label(),
        tensor.name(),
        error == null ? Double.NaN : error,
        tensor.rounding(),
        tensor.tolerance());
  }

  /** The JSON, in UTF-8. */
  public byte[] json() {
    var bytes = new ByteArrayOutputStream();
    try (var json = FACTORY.createGenerator(bytes)) {
      json.setPrettyPrinter(
          new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")));
      RecordWriter.write(this, json);
      json.writeRaw('\n');
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads a proof.
   *
   * @throws InputException if the file cannot be read, is too large or of another version, or is
   *     malformed; the message names the file
   */
  public static VerificationProof read(Path file) {
    try (var stream = PlainFile.stream(file)) {
      var bytes = stream.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new InputException("%s: a proof has at most %s bytes".formatted(file, MAX_BYTES));
      }
      var proof = parse(file, bytes);
      if (proof.format != FORMAT) {
        throw new InputException(
            "%s: its format is %s; this program reads %s".formatted(file, proof.format, FORMAT));
      }
      return proof;
    } catch (IOException e) {
      throw new InputException(file + ": " + FileErrors.unreadable(e), e);
    }
  }

  private static VerificationProof parse(Path file, byte[] bytes) throws IOException {
    try (var json = FACTORY.createParser(new ByteArrayInputStream(bytes))) {
      return new RecordReader(json, NULLABLE).read(VerificationProof.class);
    } catch (JsonProcessingException e) {
      throw new InputException(file + ": not JSON", e);
    } catch (InputException e) {
      throw new InputException("%s: %s".formatted(file, e.getMessage()), e);
    }
  }
}
