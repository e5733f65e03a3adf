package ai.transonnx.export.internal.binding;

import ai.transonnx.InputException;
import ai.transonnx.export.weights.WeightFile;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The prefix that wrappers add to the names of a model's tensors: an outer module, parallel
 * training, or compilation. A prefix is recognized if the names without it match the model.
 */
final class WrapperPrefix {
  private static final List<String> KNOWN =
      List.of("net.", "module.", "model.", "_orig_mod.", "decoder.net.", "transformer.");

  private static final int MAX_NESTED = 4;

  private WrapperPrefix() {}

  /**
   * The prefix of a file's names, often empty. If no prefix matches all names, it is the one that
   * matches most of them.
   *
   * @param wanted the names of the tensors that the file must have
   * @throws InputException if several prefixes match all names, so that the file has several models
   */
  static String of(WeightFile file, Collection<String> wanted) {
    var counts = counts(file, Set.copyOf(wanted));
    String best = "";
    int most = counts.getOrDefault(best, 0);
    if (most == wanted.size()) {
      return best;
    }
    String otherMatch = "";
    for (var candidate : counts.entrySet()) {
      int found = candidate.getValue();
      if (found == wanted.size() && found == most) {
        otherMatch = candidate.getKey();
      } else if (found > most) {
        best = candidate.getKey();
        most = found;
      }
    }
    if (!otherMatch.isEmpty()) {
      throw file.error(
          "it has the model twice, with the prefixes '%s' and '%s'; keep one of them"
              .formatted(best, otherMatch));
    }
    return best;
  }

  /**
   * The known prefixes, single or nested, with which names of the file start, and for each the
   * number of its names whose rest is wanted.
   */
  private static Map<String, Integer> counts(WeightFile file, Set<String> wanted) {
    var counts = new LinkedHashMap<String, Integer>();
    for (var name : file.tensors().keySet()) {
      int end = 0;
      for (int nested = 0; nested <= MAX_NESTED && end >= 0; nested++) {
        int found = wanted.contains(name.substring(end)) ? 1 : 0;
        counts.merge(name.substring(0, end), found, Integer::sum);
        end = endOfKnown(name, end);
      }
    }
    return counts;
  }

  /** The end of the known prefix at a position; negative if there is none. None begins another. */
  private static int endOfKnown(String name, int start) {
    for (var known : KNOWN) {
      if (name.startsWith(known, start)) {
        return start + known.length();
      }
    }
    return -1;
  }
}
