package ai.transonnx.export;

import ai.transonnx.InputException;
import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.export.calibration.Calibration;
import ai.transonnx.export.internal.binding.NameRules;
import ai.transonnx.export.weights.Fingerprint;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.graph.Model;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything that {@link Exporter#export(ExportRequest)} needs.
 *
 * <pre>{@code
 * var request =
 *     ExportRequest.builder(architecture, Path.of("model.safetensors"), Path.of("model.onnx"))
 *         .graph(GraphRequest.builder().incremental(true).build())
 *         .build();
 * Exporter.export(request);
 * }</pre>
 *
 * <p>Immutable, but reads weights while it is exported; one thread at a time may export it.
 */
public final class ExportRequest {
  private final Subject subject;
  private final Source source;
  private final Path output;
  private final List<Path> otherSources;
  private final Optional<Fingerprint> fingerprint;
  private final boolean externalData;
  private final boolean allowsExpandedTensors;
  private final Progress progress;
  private final Optional<Path> tokenizer;
  private final Optional<Acceptance> acceptance;
  private final Optional<Calibration> calibration;

  /** The graph, its origin, and how its weights are named. */
  private record Subject(
      Supplier<Model> model,
      Supplier<Model> plainModel,
      Provenance provenance,
      NameRules nameRules) {}

  /** Opened weights, or a file of them. */
  private record Source(@Nullable WeightFile opened, Path file, @Nullable String key) {}

  private ExportRequest(Builder builder, Subject subject) {
    this.subject = subject;
    this.source = new Source(builder.opened, builder.file, builder.weightsKey);
    this.output = builder.output;
    this.otherSources = builder.sources;
    this.fingerprint = builder.fingerprint;
    this.externalData = builder.externalData;
    this.allowsExpandedTensors = builder.allowsExpandedTensors;
    this.progress = builder.progress;
    this.tokenizer = Optional.ofNullable(builder.tokenizer);
    this.acceptance = Optional.ofNullable(builder.acceptance);
    this.calibration = Optional.ofNullable(builder.calibration);
  }

  /**
   * An export of an architecture with the weights of a file.
   *
   * @param weights a file or folder that {@link Weights#open(Path)} accepts
   * @param output the file to write
   */
  public static Builder builder(Architecture architecture, Path weights, Path output) {
    return new Builder(architecture, null, null, weights, output);
  }

  /**
   * An export of an architecture with weights that are open already, and stay open.
   *
   * @param output the file to write
   */
  public static Builder builder(Architecture architecture, WeightFile weights, Path output) {
    return new Builder(architecture, null, weights, weights.path(), output);
  }

  /**
   * An export of a model that was built by hand, with weights that are open already, and stay open.
   *
   * @param output the file to write
   */
  public static Builder builder(Model model, WeightFile weights, Path output) {
    return new Builder(null, model, weights, weights.path(), output);
  }

  Model model() {
    return subject.model.get();
  }

  /** The model without quantization. */
  Model plainModel() {
    return subject.plainModel.get();
  }

  Provenance provenance() {
    return subject.provenance;
  }

  NameRules nameRules() {
    return subject.nameRules;
  }

  /** Opened weights that the caller closes; null if the exporter opens them. */
  @Nullable WeightFile openedWeights() {
    return source.opened;
  }

  /** Opens the weights. */
  WeightFile openWeights() {
    return source.key == null ? Weights.open(source.file) : Weights.open(source.file, source.key);
  }

  Path output() {
    return output;
  }

  List<Path> otherSources() {
    return otherSources;
  }

  Optional<Fingerprint> fingerprint() {
    return fingerprint;
  }

  boolean externalData() {
    return externalData;
  }

  boolean allowsExpandedTensors() {
    return allowsExpandedTensors;
  }

  Progress progress() {
    return progress;
  }

  Optional<Path> tokenizer() {
    return tokenizer;
  }

  Optional<Acceptance> acceptance() {
    return acceptance;
  }

  Optional<Calibration> calibration() {
    return calibration;
  }

  /** Collects the parts of a request. Not thread-safe. */
  public static final class Builder {
    private final @Nullable Architecture architecture;
    private final @Nullable Model model;
    private final @Nullable WeightFile opened;
    private final Path file;
    private final Path output;
    private GraphRequest graph = GraphRequest.main();
    private @Nullable Provenance provenance;
    private Collection<String> unusedWeights = List.of();
    private Map<String, List<String>> sharedWeights = Map.of();
    private @Nullable String weightsKey;
    private Optional<String> weightsPrefix = Optional.empty();
    private List<Path> sources = List.of();
    private Optional<Fingerprint> fingerprint = Optional.empty();
    private boolean externalData;
    private boolean allowsExpandedTensors;
    private Progress progress = Progress.NONE;
    private @Nullable Path tokenizer;
    private @Nullable Acceptance acceptance;
    private @Nullable Calibration calibration;

    private Builder(
        @Nullable Architecture architecture,
        @Nullable Model model,
        @Nullable WeightFile opened,
        Path file,
        Path output) {
      this.architecture = architecture;
      this.model = model;
      this.opened = opened;
      this.file = file;
      this.output = output;
    }

    /**
     * The graph of the architecture; {@link GraphRequest#main} by default.
     *
     * @throws IllegalStateException if the export is of a model that was built by hand
     */
    public Builder graph(GraphRequest request) {
      if (architecture == null) {
        throw new IllegalStateException("the model is built already; it has no graph request");
      }
      graph = request;
      return this;
    }

    /** The configuration for the metadata, as the user wrote it; with all defaults otherwise. */
    public Builder configuration(JsonNode config) {
      if (architecture == null) {
        throw new IllegalStateException("the model has no architecture; set its provenance");
      }
      return provenance(Provenance.of(architecture, config));
    }

    /** The origin of the model for the metadata; that of the architecture by default. */
    public Builder provenance(Provenance origin) {
      provenance = origin;
      return this;
    }

    /**
     * Further tensors that the weights may have and the graph does not use; {@code *} in a name
     * matches any characters. They are added to those that the architecture declares.
     */
    public Builder unusedWeights(Collection<String> names) {
      unusedWeights = List.copyOf(names);
      return this;
    }

    /**
     * Other names that the weights may have for tensors that several modules share, by the name
     * that the graph uses. They are added to those that the architecture declares.
     */
    public Builder sharedWeights(Map<String, List<String>> names) {
      sharedWeights = Map.copyOf(names);
      return this;
    }

    /**
     * The key of the state dict in a PyTorch or Paddle checkpoint, such as {@code ema} or {@code
     * trainer.model}. By default, the names and shapes decide; of several state dicts that fit, one
     * under the usual keys is used: {@code model}, {@code state_dict}, {@code model_state_dict} or
     * {@code module}.
     *
     * @throws IllegalStateException if the weights are open already; {@link Weights#open(Path,
     *     String)} takes the key
     */
    public Builder weightsKey(String key) {
      if (opened != null) {
        throw new IllegalStateException("the weights are open already; open them with the key");
      }
      weightsKey = key;
      return this;
    }

    /**
     * The prefix of the model's names in the weights, such as {@code ema_model.}, or its beginning;
     * empty for none. By default, the names and shapes decide, and several prefixes that fit are an
     * error.
     */
    public Builder weightsPrefix(String prefix) {
      weightsPrefix = Optional.of(prefix);
      return this;
    }

    /** Further files that the model is made from, which the output must not replace. */
    public Builder sources(List<Path> files) {
      sources = List.copyOf(files);
      return this;
    }

    /**
     * The fingerprint of the opened weights, if its computation has started already.
     *
     * @throws IllegalArgumentException if it is the fingerprint of other files
     */
    public Builder fingerprint(Fingerprint started) {
      if (opened == null || !started.files().equals(opened.files())) {
        throw new IllegalArgumentException(
            "the fingerprint is of %s, the weights are %s"
                .formatted(started.files(), opened == null ? file : opened.files()));
      }
      fingerprint = Optional.of(started);
      return this;
    }

    /**
     * Whether to write the weights to a separate file, {@code OUTPUT.data}. A model that would be
     * larger than 2 GiB always has one.
     */
    public Builder externalData(boolean separate) {
      externalData = separate;
      return this;
    }

    /**
     * Whether PyTorch's expanded tensors, whose file stores fewer elements than their shapes have,
     * may add more than 64 MiB to the output. A file of a kilobyte can expand to any size, so that
     * the default is false.
     */
    public Builder allowExpandedTensors(boolean allowed) {
      allowsExpandedTensors = allowed;
      return this;
    }

    /**
     * The model's tokenizer, a {@code tokenizer.json} of Hugging Face. A copy is written beside the
     * model, as {@code OUTPUT.tokenizer.json}, and its SHA-256 into the metadata.
     */
    public Builder tokenizer(Path file) {
      tokenizer = file;
      return this;
    }

    /** Decides whether the complete model may have its name; by default, every model may. */
    public Builder acceptance(Acceptance decision) {
      acceptance = decision;
      return this;
    }

    /**
     * Runs the model in float32 before it is quantized, which is written to a temporary folder
     * beside the output, so that quantized matrices fit their inputs.
     *
     * @throws IllegalStateException if the export is of a model that was built by hand
     */
    public Builder calibration(Calibration wanted) {
      if (architecture == null) {
        throw new IllegalStateException("only the model of an architecture can be calibrated");
      }
      calibration = wanted;
      return this;
    }

    /** A listener to the progress of the export. */
    public Builder progress(Progress listener) {
      progress = listener;
      return this;
    }

    /**
     * The request.
     *
     * @throws InputException if there is a calibration, and the model is not quantized
     */
    public ExportRequest build() {
      if (calibration != null && graph.emit().quantization().isEmpty()) {
        throw new InputException("only a quantized model can be calibrated");
      }
      return new ExportRequest(this, model == null ? described() : built(model));
    }

    private Subject built(Model given) {
      var origin = provenance == null ? Provenance.of("none", "0", "{}") : provenance;
      return new Subject(
          () -> given,
          () -> given,
          origin,
          new NameRules(unusedWeights, sharedWeights, weightsPrefix));
    }

    private Subject described() {
      var described = Objects.requireNonNull(architecture);
      var request = graph;
      var unused = new HashSet<>(described.unusedWeights(request));
      unused.addAll(unusedWeights);
      var shared = new HashMap<>(described.sharedWeights());
      shared.putAll(sharedWeights);
      return new Subject(
          () -> described.build(request),
          () ->
              described.build(
                  request.toBuilder().emit(request.emit().withoutQuantization()).build()),
          provenance == null ? Provenance.of(described) : provenance,
          new NameRules(unused, shared, weightsPrefix));
    }
  }
}
