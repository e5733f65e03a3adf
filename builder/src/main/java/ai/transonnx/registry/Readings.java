package ai.transonnx.registry;

import ai.transonnx.InputException;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.xtransformers.Release;
import ai.transonnx.xtransformers.ReleaseSet;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The meanings of a configuration of x-transformers at several releases. Immutable; threads may
 * share it.
 *
 * <p>A model is planned once for each range of releases that answer alike all questions that the
 * plan depends on, so the number of plans is that of the boundaries that matter to the options.
 *
 * @param config an object with the key {@code class} and the constructor's keyword arguments
 * @param possible the releases to read it for
 */
public record Readings(JsonNode config, ReleaseSet possible) {
  /** Neighboring releases, and the value for all of them if they have one. */
  private record Range<T>(ReleaseSet releases, Optional<T> value) {}

  /** The releases that accept the configuration. */
  public ReleaseSet accepting() {
    return releases(release -> Architectures.of(release, config));
  }

  /** The models of a request at all releases that have it, in the order of the releases. */
  public List<Reading> all(GraphRequest request) {
    var readings = new ArrayList<Reading>();
    var ranges =
        ranges(
            release -> {
              var architecture = Architectures.of(release, config);
              return new Reading(ReleaseSet.NONE, architecture, architecture.build(request));
            });
    for (var range : ranges) {
      range
          .value()
          .map(one -> new Reading(range.releases(), one.architecture(), one.model()))
          .ifPresent(readings::add);
    }
    return List.copyOf(readings);
  }

  private ReleaseSet releases(Function<Release, ?> read) {
    return ranges(read).stream()
        .filter(range -> range.value().isPresent())
        .map(Range::releases)
        .reduce(ReleaseSet.NONE, ReleaseSet::and);
  }

  private <T> List<Range<T>> ranges(Function<Release, T> read) {
    var ranges = new ArrayList<Range<T>>();
    var rest = possible.releases();
    while (!rest.isEmpty()) {
      var boundaries = new TreeSet<Release>();
      var first = rest.first();
      var value = value(first.observedBy(boundaries::add), read);
      var next = boundaries.higher(first);
      ranges.add(
          new Range<>(new ReleaseSet(next == null ? rest : rest.headSet(next, false)), value));
      rest = next == null ? new TreeSet<Release>() : rest.tailSet(next, true);
    }
    return ranges;
  }

  private static <T> Optional<T> value(Release release, Function<Release, T> read) {
    try {
      return Optional.of(read.apply(release));
    } catch (InputException e) {
      return Optional.empty();
    }
  }
}
