package ai.transonnx.verification;

import ai.transonnx.InputException;
import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.export.ExportRequest;
import ai.transonnx.export.Exporter;
import ai.transonnx.export.Provenance;
import ai.transonnx.export.Weights;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.PlainFolder;
import ai.transonnx.graph.Model;
import ai.transonnx.internal.config.Json;
import ai.transonnx.registry.Architectures;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A folder with one golden case: {@code case.json}, the weights, and the recorded tensors.
 * Immutable, so threads may share it.
 *
 * @param release the release of the library that wrote the weights; empty for the usual one
 * @param config the Python class and its constructor's arguments
 * @param weights the file with the library's state dict
 * @param tensors the file with the recorded inputs and outputs
 */
public record CaseFolder(
    Path path,
    Library library,
    Optional<String> release,
    JsonNode config,
    List<Step> steps,
    Path weights,
    Path tensors) {
  private static final String DESCRIPTION = "case.json";

  public CaseFolder {
    steps = List.copyOf(steps);
  }

  /**
   * Every case folder in a directory, at any depth and the directory included, sorted by path.
   *
   * @throws InputException if the directory cannot be read or contains no case
   */
  public static List<Path> below(Path directory) {
    try {
      PlainFolder.check(directory);
    } catch (IOException e) {
      throw new InputException(directory + ": " + FileErrors.unreadable(e), e);
    }
    try (Stream<Path> files = Files.walk(directory)) {
      var folders =
          files
              .filter(file -> file.endsWith(DESCRIPTION))
              .map(file -> Objects.requireNonNull(file.getParent()))
              .sorted()
              .toList();
      if (folders.isEmpty()) {
        throw new InputException(directory + ": no folder in it has a " + DESCRIPTION);
      }
      return folders;
    } catch (IOException | java.io.UncheckedIOException e) {
      throw new InputException(directory + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Reads a folder's {@code case.json}.
   *
   * @throws InputException if it is missing or invalid; the message names file and field
   */
  public static CaseFolder read(Path folder) {
    var file = folder.resolve(DESCRIPTION);
    var json = Json.read(file);
    var library = json.path("library");
    var config = json.path("config");
    if (!library.isTextual() || !config.isObject() || !json.path("steps").isArray()) {
      throw new InputException(file + ": a case has a 'library', a 'config' and 'steps'");
    }
    var steps = new ArrayList<Step>();
    for (var step : json.path("steps")) {
      steps.add(step(file, steps.size(), step));
    }
    if (steps.isEmpty()) {
      throw new InputException(file + ": 'steps' is empty; a case records at least one step");
    }
    return new CaseFolder(
        folder,
        Library.of(library.asText()),
        release(file, json.path("release")),
        config,
        steps,
        weights(folder),
        folder.resolve("io.safetensors"));
  }

  private static Optional<String> release(Path file, JsonNode json) {
    if (!json.isMissingNode() && !json.isTextual()) {
      throw new InputException(
          "%s: 'release' is %s; it must be a text, such as \"1.9.2\"".formatted(file, json));
    }
    return Optional.ofNullable(json.textValue());
  }

  private static Step step(Path file, int index, JsonNode json) {
    return new Step(
        index,
        kind(file, index, json.path("kind")),
        names(file, index, json, "inputs"),
        names(file, index, json, "outputs"),
        number(json.path("bits_per_character")),
        number(json.path("margin")));
  }

  private static OptionalDouble number(JsonNode json) {
    return json.isNumber() ? OptionalDouble.of(json.asDouble()) : OptionalDouble.empty();
  }

  private static Step.Kind kind(Path file, int index, JsonNode kind) {
    if (kind.isMissingNode()) {
      return Step.Kind.FORWARD;
    }
    for (var known : List.of(Step.Kind.LOSS, Step.Kind.GREEDY)) {
      if (known.name().toLowerCase(Locale.ROOT).equals(kind.asText())) {
        return known;
      }
    }
    throw new InputException(
        "%s: step %s has 'kind' %s; it must be \"loss\", \"greedy\" or absent"
            .formatted(file, index, kind));
  }

  private static List<String> names(Path file, int index, JsonNode step, String key) {
    var names = new ArrayList<String>();
    for (var name : step.path(key)) {
      names.add(name.asText());
    }
    if (names.isEmpty()) {
      throw new InputException("%s: step %s has no '%s'".formatted(file, index, key));
    }
    return names;
  }

  private static Path weights(Path folder) {
    return Stream.of("weights.safetensors", "weights.pdparams")
        .map(folder::resolve)
        .filter(Files::exists)
        .findFirst()
        .orElse(folder.resolve("weights.safetensors"));
  }

  /** The last two names of the path, such as {@code token-shift-gpt/base}. */
  public String name() {
    var absolute = path.toAbsolutePath().normalize();
    int names = absolute.getNameCount();
    return absolute.subpath(Math.max(0, names - 2), names).toString().replace('\\', '/');
  }

  /** The files of the case other than its weights. */
  public List<Path> files() {
    return List.of(path.resolve(DESCRIPTION), tensors);
  }

  /** This case with weights from another file. */
  public CaseFolder withWeights(Path file) {
    return new CaseFolder(path, library, release, config, steps, file, tensors);
  }

  /**
   * The architecture of the case.
   *
   * @throws InputException if the configuration is invalid
   */
  public Architecture architecture() {
    try {
      return Architectures.of(library, release, config);
    } catch (InputException e) {
      throw new InputException(path.resolve(DESCRIPTION) + ": " + e.getMessage(), e);
    }
  }

  /**
   * Exports a graph of the case.
   *
   * @throws InputException if the class has no such graph, or the weights do not fit it
   */
  public void export(GraphRequest request, Path output) {
    export(request, output, model -> model, opened -> opened);
  }

  /**
   * Exports a graph of the case with changes.
   *
   * @param rewrite changes the model before it is exported
   * @param rewriteWeights changes the weights that are exported
   * @throws InputException if the class has no such graph, or the weights do not fit it
   */
  void export(
      GraphRequest request,
      Path output,
      UnaryOperator<Model> rewrite,
      UnaryOperator<WeightFile> rewriteWeights) {
    var architecture = architecture();
    var model = rewrite.apply(architecture.build(request));
    try (var opened = rewriteWeights.apply(Weights.open(weights))) {
      Exporter.export(
          ExportRequest.builder(model, opened, output)
              .provenance(Provenance.of(architecture, config))
              .unusedWeights(architecture.unusedWeights(request))
              .sharedWeights(architecture.sharedWeights())
              .build());
    }
  }

  /**
   * The step of an index.
   *
   * @throws InputException if there is no such step
   */
  public Step step(int index) {
    if (index < 0 || index >= steps.size()) {
      throw new InputException(
          "%s has %s, no step %s"
              .formatted(
                  path,
                  steps.size() == 1 ? "only step 0" : "steps 0 to " + (steps.size() - 1),
                  index));
    }
    return steps.get(index);
  }
}
