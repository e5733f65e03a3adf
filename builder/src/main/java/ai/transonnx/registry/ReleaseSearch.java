package ai.transonnx.registry;

import ai.transonnx.graph.ModelContent;
import ai.transonnx.internal.xtransformers.ReleaseChanges;
import ai.transonnx.xtransformers.Release;
import ai.transonnx.xtransformers.ReleaseSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Predicate;

/**
 * The readings of a configuration that fit the weights. Immutable; threads may share it.
 *
 * @param readings the readings, in the order of the releases
 */
public record ReleaseSearch(List<Reading> readings) {
  public ReleaseSearch {
    readings = List.copyOf(readings);
  }

  /** The readings that fit. */
  public static ReleaseSearch of(List<Reading> readings, Predicate<Reading> fits) {
    return new ReleaseSearch(readings.stream().filter(fits).toList());
  }

  /**
   * The releases that have written the weights; none if no reading fits. The model is the same for
   * all of them.
   *
   * @throws UndecidedReleaseException if releases with different models can have written them
   */
  public ReleaseSet releases() {
    var sets = models();
    if (sets.size() > 1) {
      throw new UndecidedReleaseException(sets, changes());
    }
    return sets.isEmpty() ? ReleaseSet.NONE : sets.get(0);
  }

  /** The releases of each model. */
  private List<ReleaseSet> models() {
    var sets = new LinkedHashMap<ModelContent, ReleaseSet>();
    for (var reading : readings) {
      sets.merge(ModelContent.of(reading.model()), reading.releases(), ReleaseSet::and);
    }
    return List.copyOf(sets.values());
  }

  private List<String> changes() {
    var changes = new ArrayList<String>();
    for (int i = 1; i < readings.size(); i++) {
      var before = readings.get(i - 1);
      var after = readings.get(i);
      if (!ModelContent.of(before.model()).equals(ModelContent.of(after.model()))) {
        var first = after.releases().releases().first();
        var texts = ReleaseChanges.between(before.releases().releases().last(), first);
        changes.addAll(texts.isEmpty() ? List.of(unnamed(first)) : texts);
      }
    }
    return changes;
  }

  private static String unnamed(Release first) {
    return "from %s on, the computation differs".formatted(first);
  }
}
