package ai.transonnx.verification;

import ai.transonnx.InputException;
import ai.transonnx.export.Acceptance;
import ai.transonnx.export.ExportRequest;
import ai.transonnx.export.Exporter;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.TemporaryFolder;
import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.quality.ModelComparison;
import ai.transonnx.runtime.quality.QualityGate;
import ai.transonnx.verification.report.QualityResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Accepts an exported model if its predictions are near enough to those of a reference: the file is
 * put in place only if a {@link QualityGate} holds.
 *
 * <pre>{@code
 * var acceptance =
 *     QualityAcceptance.builder(QualityGate.of("kld=0.01"), tokens)
 *         .reference(file -> ExportRequest.builder(architecture, weights, file).build())
 *         .build();
 * var request =
 *     ExportRequest.builder(architecture, weights, output)
 *         .graph(quantized)
 *         .acceptance(acceptance)
 *         .build();
 * Exporter.export(request); // QualityGateException if the gate does not hold
 * }</pre>
 *
 * <p>For one thread at a time.
 */
public final class QualityAcceptance implements Acceptance {
  private final QualityGate gate;
  private final Function<OnnxModel, long[][]> tokens;
  private final @Nullable Path file;
  private final @Nullable Function<Path, ExportRequest> request;
  private final OptionalInt context;
  private final ModelOptions options;
  private final @Nullable String name;
  private final Consumer<QualityResult> listener;

  private QualityAcceptance(Builder builder) {
    this.gate = builder.gate;
    this.tokens = builder.tokens;
    this.file = builder.file;
    this.request = builder.request;
    this.context = builder.context;
    this.options = builder.options;
    this.name = builder.name;
    this.listener = builder.listener;
  }

  /**
   * An acceptance that compares over sequences of tokens.
   *
   * @param tokens each 2 or more
   */
  public static Builder builder(QualityGate gate, long[]... tokens) {
    return new Builder(gate, model -> tokens);
  }

  /**
   * An acceptance that compares over tokens which depend on the exported model, such as those of
   * its tokenizer, which is beside it.
   */
  public static Builder builder(QualityGate gate, Function<OnnxModel, long[][]> tokens) {
    return new Builder(gate, tokens);
  }

  /** Collects options. Not thread-safe. */
  public static final class Builder {
    private final QualityGate gate;
    private final Function<OnnxModel, long[][]> tokens;
    private @Nullable Path file;
    private @Nullable Function<Path, ExportRequest> request;
    private OptionalInt context = OptionalInt.empty();
    private ModelOptions options = ModelOptions.defaults();
    private @Nullable String name;
    private Consumer<QualityResult> listener = result -> {};

    private Builder(QualityGate gate, Function<OnnxModel, long[][]> tokens) {
      this.gate = gate;
      this.tokens = tokens;
    }

    /** Compares with a model file. */
    public Builder reference(Path model) {
      file = model;
      request = null;
      return this;
    }

    /**
     * Compares with a model that is exported for this purpose, into a temporary folder beside the
     * exported model.
     *
     * @param export the request for the reference, of the file to write
     */
    public Builder reference(Function<Path, ExportRequest> export) {
      request = export;
      file = null;
      return this;
    }

    /** The maximum number of positions of a window; see {@link ModelComparison.Builder#context}. */
    public Builder context(int positions) {
      context = OptionalInt.of(positions);
      return this;
    }

    /** How both models are loaded; with the defaults otherwise. */
    public Builder modelOptions(ModelOptions loading) {
      options = loading;
      return this;
    }

    /** The name of the exported model in results; that of its temporary file otherwise. */
    public Builder name(String candidate) {
      name = candidate;
      return this;
    }

    /** A listener to the result of each comparison, whether the gate holds or not. */
    public Builder listener(Consumer<QualityResult> consumer) {
      listener = consumer;
      return this;
    }

    /**
     * The acceptance.
     *
     * @throws IllegalStateException if there is no reference
     */
    public QualityAcceptance build() {
      if (file == null && request == null) {
        throw new IllegalStateException("a quality gate needs a reference");
      }
      return new QualityAcceptance(this);
    }
  }

  /**
   * Compares a model with the reference.
   *
   * @return no further files
   * @throws QualityGateException if the gate does not hold
   * @throws InputException if the reference cannot be exported
   * @throws ai.transonnx.runtime.InferenceException if the models cannot be loaded or compared
   */
  @Override
  public Map<String, byte[]> accept(Path model) {
    var result = file != null ? compare(model, file, file.toString()) : compareWithExport(model);
    listener.accept(result);
    if (!result.passed()) {
      throw new QualityGateException(result);
    }
    return Map.of();
  }

  private QualityResult compareWithExport(Path model) {
    if (request == null) {
      throw new IllegalStateException("a quality gate needs a reference");
    }
    try (var folder = TemporaryFolder.beside(model)) {
      var reference = folder.path().resolve("reference.onnx");
      Exporter.export(request.apply(reference));
      return compare(model, reference, "the reference");
    } catch (IOException e) {
      throw new InputException(
          "%s: the reference of the quality gate cannot be written: %s"
              .formatted(model, FileErrors.reason(e, "its directory is missing")),
          e);
    }
  }

  private QualityResult compare(Path model, Path reference, String referenceName) {
    try (var candidate = OnnxModel.load(model, options);
        var expected = OnnxModel.load(reference, options)) {
      var comparison = ModelComparison.builder(candidate, expected);
      context.ifPresent(comparison::context);
      var report = comparison.build().compare(tokens.apply(candidate), new Cancellation());
      return QualityResult.of(report, gate)
          .withNames(name == null ? model.toString() : name, referenceName);
    }
  }
}
