package ai.transonnx.export.checkpoint;

import ai.transonnx.InputException;
import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.internal.config.Json;
import ai.transonnx.registry.Architectures;
import ai.transonnx.xtransformers.Release;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The architecture of a configuration at the release of its library that wrote a checkpoint.
 *
 * <p>The same configuration of x-transformers describes other computations at other releases. If no
 * release is named, the names and shapes of the weights decide it, as in {@code transonnx export}:
 *
 * <pre>{@code
 * var graph = GraphRequest.builder().incremental(true).build();
 * try (var weights = Weights.open(Path.of("model.pt"))) {
 *   var found =
 *       CheckpointArchitecture.builder(Library.X_TRANSFORMERS, configJson, weights)
 *           .graph(graph)
 *           .find();
 *   found.notes().forEach(System.err::println);
 *   Exporter.export(
 *       ExportRequest.builder(found.architecture(), weights, Path.of("model.onnx"))
 *           .graph(graph)
 *           .build());
 * }
 * }</pre>
 *
 * <p>If releases that compute different results can have written the weights, {@link Builder#find}
 * throws an {@link ai.transonnx.registry.UndecidedReleaseException}, which lists them. Libraries
 * with one supported release need no weights to decide it: their architecture is that of {@link
 * Architectures#of(Library, JsonNode)}.
 *
 * <p>Immutable; threads may share it.
 *
 * @param architecture the class at the release
 * @param notes remarks for the user, a line each: on the choice of the release, and on options that
 *     the release ignores
 */
public record CheckpointArchitecture(Architecture architecture, List<String> notes) {
  public CheckpointArchitecture {
    notes = List.copyOf(notes);
  }

  /**
   * A search for the architecture of a configuration.
   *
   * @param json an object with the key {@code class} and the constructor's keyword arguments
   * @param weights the opened checkpoint, which stays open
   * @throws InputException if the text is not JSON
   */
  public static Builder builder(Library library, String json, WeightFile weights) {
    return builder(library, Json.parse(json), weights);
  }

  /**
   * A search for the architecture of a configuration.
   *
   * @param config an object with the key {@code class} and the constructor's keyword arguments
   * @param weights the opened checkpoint, which stays open
   */
  public static Builder builder(Library library, JsonNode config, WeightFile weights) {
    return new Builder(library, config, weights);
  }

  /** Collects the known properties of the model. Not thread-safe. */
  public static final class Builder {
    private final Library library;
    private final JsonNode config;
    private final WeightFile weights;
    private Optional<String> release = Optional.empty();
    private GraphRequest graph = GraphRequest.main();
    private @Nullable String prefix;

    private Builder(Library library, JsonNode config, WeightFile weights) {
      this.library = library;
      this.config = config;
      this.weights = weights;
    }

    /** The number of the release that wrote the weights, such as {@code 2.3.1}, if it is known. */
    public Builder release(String number) {
      release = Optional.of(number);
      return this;
    }

    /**
     * The graph to export, {@link GraphRequest#main} by default. Releases may differ in one graph
     * of a model and agree in another.
     */
    public Builder graph(GraphRequest request) {
      graph = request;
      return this;
    }

    /**
     * The prefix of the model's names in the weights, as in {@link
     * ai.transonnx.export.ExportRequest.Builder#weightsPrefix}. By default, the names and shapes
     * decide.
     */
    public Builder weightsPrefix(String names) {
      prefix = names;
      return this;
    }

    /**
     * The architecture at the named release or, if none is named, at the release that wrote the
     * weights. Of several releases that compute the same, it is {@link Release#DEFAULT} or else the
     * newest. If the weights fit the configuration at no release, it is one that their names allow,
     * so that the export reports how they differ from it. Reads names and shapes only.
     *
     * @throws ai.transonnx.registry.UndecidedReleaseException if several releases with different
     *     results can have written the weights
     * @throws InputException if the weights contradict the named release, there is no such release,
     *     or the configuration does not describe a class of it
     */
    public CheckpointArchitecture find() {
      var named = Release.of(library, release).filter(one -> !one.isPort());
      if (named.isEmpty()) {
        return at(release, List.of());
      }
      var choice = new ReleaseChoice(weights, prefix, config, graph);
      if (release.isPresent() || !library.equals(Library.X_TRANSFORMERS)) {
        choice.check(named.get());
        return at(release, List.of());
      }
      var chosen = choice.find();
      return at(chosen.release(), chosen.notes());
    }

    private CheckpointArchitecture at(Optional<String> number, List<String> remarks) {
      var notes = new ArrayList<>(remarks);
      notes.addAll(Architectures.notes(library, number, config));
      return new CheckpointArchitecture(Architectures.of(library, number, config), notes);
    }
  }
}
