package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.config.ConfigException;
import ai.transonnx.export.Weights;
import ai.transonnx.export.checkpoint.CheckpointArchitecture;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.internal.config.Json;
import ai.transonnx.registry.Architectures;
import ai.transonnx.registry.Readings;
import ai.transonnx.verification.CaseChecks;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.xtransformers.Release;
import ai.transonnx.xtransformers.ReleaseSet;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The source of a model: a configuration and weights, or a step of a case folder. */
final class ModelSource {
  /** A configuration and its weights. */
  static final class Configured {
    @Option(
        names = "--library",
        paramLabel = "L",
        description = "The Python library (default: the configuration file's 'library').")
    @Nullable String library;

    @Option(
        names = "--release",
        paramLabel = "R",
        description =
            "The release of x-transformers that wrote the weights, such as 2.3.1 (default: the"
                + " configuration file's 'release', or found by the names and shapes of the"
                + " weights).")
    @Nullable String release;

    @Option(
        names = "--config",
        paramLabel = "CONFIG.json",
        description =
            "The class and its constructor's keyword arguments, at the top level or under 'config'"
                + " next to 'library' (default: the config.json in the folder of --weights).")
    @Nullable Path config;

    @Option(
        names = "--weights",
        required = true,
        paramLabel = "FILE|FOLDER",
        description =
            "The trained weights: safetensors or PyTorch, or an index of their shards; NumPy npz,"
                + " or Paddle pdparams. The format is detected from the content. Or the folder of"
                + " the weights, as from a model hub.")
    Path weights = Path.of("");

    @Option(
        names = "--weights-key",
        paramLabel = "KEY",
        description =
            "The key of the state dict in a PyTorch or Paddle checkpoint, such as ema or"
                + " trainer.model (default: found by names and shapes; of several that fit, the one"
                + " under model, state_dict, model_state_dict or module).")
    @Nullable String weightsKey;

    @Option(
        names = "--weights-prefix",
        paramLabel = "PREFIX",
        description =
            "The prefix of the model's names in the weights, such as ema_model., or '' for none"
                + " (default: found by names and shapes).")
    @Nullable String weightsPrefix;
  }

  /** A step of a case folder. */
  static final class CaseStep {
    @Option(
        names = "--case",
        required = true,
        paramLabel = "FOLDER",
        description = "A case folder, instead of library, configuration and weights.")
    Path folder = Path.of("");

    @Option(
        names = "--step",
        paramLabel = "K",
        description = "The step whose graph is exported (default: 0).")
    int step = 0;
  }

  /**
   * The content of the source.
   *
   * @param library the library of the class
   * @param release the release that it names; empty if the weights decide it
   * @param request the graph that it specifies
   * @param weightsKey the key of the state dict in the weights; null to detect it
   * @param weightsPrefix the prefix of the names in the weights; null to detect it
   * @param files the files that were read, other than the weights
   * @param caseFolder the case folder, if the source is one
   */
  record Described(
      Library library,
      Optional<String> release,
      GraphRequest request,
      JsonNode config,
      Path weights,
      @Nullable String weightsKey,
      @Nullable String weightsPrefix,
      List<Path> files,
      Optional<Path> caseFolder) {
    /**
     * Opens the weights.
     *
     * @throws InputException if they cannot be read
     */
    WeightFile open() {
      return weightsKey == null ? Weights.open(weights) : Weights.open(weights, weightsKey);
    }

    /**
     * The class at the release that wrote the opened weights.
     *
     * @throws InputException if the weights contradict the named release, or do not decide it
     */
    CheckpointArchitecture resolve(WeightFile opened, GraphRequest graph) {
      var search = CheckpointArchitecture.builder(library, config, opened).graph(graph);
      release.ifPresent(search::release);
      if (weightsPrefix != null) {
        search.weightsPrefix(weightsPrefix);
      }
      return search.find();
    }
  }

  @ArgGroup(exclusive = false)
  private @Nullable Configured configured;

  @ArgGroup(exclusive = false)
  private @Nullable CaseStep caseStep;

  /**
   * Reads the configuration.
   *
   * @throws InputException if it cannot be read, or its class is unknown
   */
  Described read() {
    return configured == null ? read(Objects.requireNonNull(caseStep)) : read(configured);
  }

  private static Described read(CaseStep given) {
    var folder = CaseFolder.read(given.folder);
    var request = CaseChecks.request(folder, folder.step(given.step));
    return new Described(
        folder.library(),
        folder.release().or(() -> usualRelease(folder.library())),
        request,
        folder.config(),
        folder.weights(),
        null,
        null,
        folder.files(),
        Optional.of(given.folder));
  }

  /** The release of cases that name none. */
  private static Optional<String> usualRelease(Library library) {
    return library.equals(Library.X_TRANSFORMERS)
        ? Optional.of(Release.DEFAULT.toString())
        : Optional.empty();
  }

  private static Described read(Configured given) {
    var file = given.config != null ? given.config : HubFolder.configuration(given.weights);
    var json = Json.read(file);
    var config = json.path("config").isObject() ? json.path("config") : json;
    if (given.config == null) {
      HubFolder.checkClass(file, config);
    }
    var library = given.library != null ? given.library : json.path("library").asText();
    if (library.isEmpty()) {
      var fitting = Architectures.fitting(config);
      throw new InputException(
          "%s: has no 'library' next to 'config'%s; specify the library of the class with --library"
              .formatted(
                  file,
                  fitting.isEmpty() ? "" : ", and its keys fit " + String.join(" or ", fitting)));
    }
    var release = given.release != null ? Optional.of(given.release) : release(file, json);
    checkConfig(file, Library.of(library), release, config);
    return new Described(
        Library.of(library),
        release,
        GraphRequest.main(),
        config,
        given.weights,
        given.weightsKey,
        given.weightsPrefix,
        List.of(file),
        Optional.empty());
  }

  /** Checks a configuration; one of x-transformers without a release may belong to any. */
  private static void checkConfig(
      Path file, Library library, Optional<String> release, JsonNode config) {
    try {
      Architectures.of(library, release, config);
    } catch (ConfigException e) {
      boolean isOfAnother =
          library.equals(Library.X_TRANSFORMERS)
              && release.isEmpty()
              && !new Readings(config, ReleaseSet.ALL).accepting().isEmpty();
      if (!isOfAnother) {
        throw new InputException(file + ": " + e.getMessage(), e);
      }
    }
  }

  private static Optional<String> release(Path file, JsonNode json) {
    var release = json.path("release");
    if (!release.isMissingNode() && !release.isTextual()) {
      throw new InputException(
          "%s: 'release' is %s; it must be a text, such as \"1.9.2\"".formatted(file, release));
    }
    return Optional.ofNullable(release.textValue());
  }
}
