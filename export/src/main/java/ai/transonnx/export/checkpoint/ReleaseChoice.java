package ai.transonnx.export.checkpoint;

import ai.transonnx.InputException;
import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.export.ExportRequest;
import ai.transonnx.export.Exporter;
import ai.transonnx.export.internal.checkpoint.CheckpointModel;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.graph.Model;
import ai.transonnx.internal.xtransformers.ReleaseEvidence;
import ai.transonnx.registry.Architectures;
import ai.transonnx.registry.Reading;
import ai.transonnx.registry.Readings;
import ai.transonnx.registry.ReleaseSearch;
import ai.transonnx.xtransformers.Release;
import ai.transonnx.xtransformers.ReleaseSet;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the release of x-transformers that wrote weights, and checks one that the user names. */
final class ReleaseChoice {
  /**
   * The chosen release.
   *
   * @param release empty for the usual one
   * @param notes remarks on the choice
   */
  record Chosen(Optional<String> release, List<String> notes) {}

  /** What decides whether weights fit a model. */
  private record Needs(Object parameters, Set<String> unused, Map<String, List<String>> shared) {}

  private final WeightFile weights;
  private final @Nullable String prefix;
  private final JsonNode config;
  private final GraphRequest graph;
  private final List<ReleaseEvidence> models;
  private final Map<Needs, Boolean> known = new HashMap<>();

  /**
   * A choice for a configuration.
   *
   * @param prefix the prefix of the names in the weights; null to detect it
   */
  ReleaseChoice(WeightFile weights, @Nullable String prefix, JsonNode config, GraphRequest graph) {
    this.weights = weights;
    this.prefix = prefix;
    this.config = config;
    this.graph = graph;
    this.models =
        CheckpointModel.all(weights, Optional.empty()).stream()
            .flatMap(model -> model.guess().evidence().stream())
            .toList();
  }

  /**
   * The release that wrote the weights. If they fit the configuration at no release, it is the one
   * to compare them with.
   *
   * @throws ai.transonnx.registry.UndecidedReleaseException if there are several with different
   *     models
   */
  Chosen find() {
    var possible = possible();
    var readings = new Readings(config, possible).all(graph);
    var releases = ReleaseSearch.of(readings, this::fits).releases();
    if (!releases.isEmpty()) {
      return found(releases);
    }
    var compared =
        readings.stream().map(Reading::releases).reduce(ReleaseSet.NONE, ReleaseSet::and);
    return compared.isEmpty() || compared.contains(Release.DEFAULT)
        ? new Chosen(Optional.empty(), List.of())
        : compared(compared);
  }

  private static Chosen found(ReleaseSet releases) {
    if (releases.contains(Release.DEFAULT)) {
      return new Chosen(Optional.empty(), List.of());
    }
    var release = releases.representative();
    return new Chosen(
        Optional.of(release.toString()),
        List.of(
            "exported as of release %s: the weights are of %s, which compute the same"
                .formatted(release, releases)));
  }

  private static Chosen compared(ReleaseSet releases) {
    var release = releases.representative();
    return new Chosen(
        Optional.of(release.toString()),
        List.of(
            "the weights seem to belong to release %s, and are compared with %s"
                .formatted(releases, release)));
  }

  /** The releases that the names of any of the models allow. */
  private ReleaseSet possible() {
    var possible =
        models.stream().map(ReleaseEvidence::releases).reduce(ReleaseSet.NONE, ReleaseSet::and);
    return possible.isEmpty() ? ReleaseSet.ALL : possible;
  }

  /**
   * Checks that the weights fit a release.
   *
   * @throws InputException if their names contradict it
   */
  void check(Release release) {
    var reasons = models.stream().map(model -> model.contradiction(release)).toList();
    if (reasons.isEmpty() || reasons.stream().anyMatch(Optional::isEmpty)) {
      return;
    }
    var architecture = Architectures.of(release, config);
    if (!fits(architecture, architecture.build(graph))) {
      throw weights.error(
          "the weights are not of release %s: %s%s"
              .formatted(
                  release, reasons.get(0).orElseThrow(), otherReleases(models.get(0).releases())));
    }
  }

  private static String otherReleases(ReleaseSet releases) {
    return releases.isEmpty() ? "" : "; by all names, they are of " + releases;
  }

  private boolean fits(Reading reading) {
    return fits(reading.architecture(), reading.model());
  }

  private boolean fits(Architecture architecture, Model model) {
    var needs =
        new Needs(
            model.graph().parameters(),
            architecture.unusedWeights(graph),
            architecture.sharedWeights());
    return known.computeIfAbsent(needs, key -> Exporter.fits(request(key, model)));
  }

  private ExportRequest request(Needs needs, Model model) {
    var request =
        ExportRequest.builder(model, weights, Path.of(""))
            .unusedWeights(needs.unused())
            .sharedWeights(needs.shared());
    if (prefix != null) {
      request.weightsPrefix(prefix);
    }
    return request.build();
  }
}
