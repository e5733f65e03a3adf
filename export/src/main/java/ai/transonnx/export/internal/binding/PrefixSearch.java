package ai.transonnx.export.internal.binding;

import ai.transonnx.export.internal.binding.NameScan.Reading;
import ai.transonnx.export.weights.WeightSet;
import ai.transonnx.export.weights.WeightTensor;
import ai.transonnx.graph.WeightExpression.Stored;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Finds the prefixes after which the tensors of a set have the names of a model. Nothing is known
 * about prefixes: names and shapes decide. The time grows with the length of all names.
 */
final class PrefixSearch {
  private final WantedTensors wanted;
  private final Map<String, Names> byPrefix = new LinkedHashMap<>();

  /** A tensor that has a name of the model. */
  private record Found(WeightTensor tensor, Reading reading, Stored wanted) {
    boolean fits() {
      return tensor.shape().equals(wanted.shape());
    }

    private int quality() {
      return (fits() ? 4 : 0)
          + (reading.wrappers().isEmpty() ? 2 : 0)
          + (reading.name().equals(wanted.name()) ? 1 : 0);
    }

    /** The better one of two tensors for the same name; the first one if they are equal. */
    static Found better(Found first, Found second) {
      return second.quality() > first.quality() ? second : first;
    }
  }

  private PrefixSearch(WantedTensors wanted) {
    this.wanted = wanted;
  }

  /** The matches of all prefixes that any tensor matches with, in the order of the tensors. */
  static List<PrefixMatch> of(WeightSet set, WantedTensors wanted) {
    var search = new PrefixSearch(wanted);
    for (var tensor : set.tensors().values()) {
      NameScan.read(tensor.name(), wanted, reading -> search.add(tensor, reading));
    }
    set.unusable()
        .forEach(
            (name, reason) ->
                NameScan.read(name, wanted, reading -> search.addUnusable(reason, reading)));
    var matches = new ArrayList<PrefixMatch>();
    search.byPrefix.forEach((prefix, names) -> matches.add(names.match(prefix)));
    return matches;
  }

  /** Adds a tensor; a segment within its name is a wrapper's only if the shape fits as well. */
  private void add(WeightTensor tensor, Reading reading) {
    var one = new Found(tensor, reading, wanted.named(reading.name()).orElseThrow());
    if (reading.wrappers().isEmpty() || one.fits()) {
      names(reading).tensors.merge(one.wanted().name(), one, Found::better);
    }
  }

  private void addUnusable(String reason, Reading reading) {
    String name = wanted.named(reading.name()).orElseThrow().name();
    names(reading).unusable.putIfAbsent(name, reason);
  }

  private Names names(Reading reading) {
    return byPrefix.computeIfAbsent(reading.prefix(), prefix -> new Names());
  }

  /** The names of the model that were found after a prefix. */
  private static final class Names {
    final Map<String, Found> tensors = new HashMap<>();
    final Map<String, String> unusable = new HashMap<>();

    PrefixMatch match(String prefix) {
      var byName = new HashMap<String, WeightTensor>();
      var wrappers = new LinkedHashSet<String>();
      int fitting = 0;
      for (var one : tensors.values()) {
        byName.put(one.wanted().name(), one.tensor());
        wrappers.addAll(one.reading().wrappers());
        if (one.fits() && one.wanted().absent().isEmpty()) {
          fitting++;
        }
      }
      unusable.keySet().removeAll(byName.keySet());
      return new PrefixMatch(prefix, wrappers, byName, unusable, fitting);
    }
  }
}
