package ai.transonnx.export.internal.binding;

import ai.transonnx.InputException;
import ai.transonnx.export.weights.WeightFile;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
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
    String best = "";
    long most = found(file, best, wanted);
    String otherMatch = "";
    for (var prefix : most == wanted.size() ? Set.<String>of() : candidates(file)) {
      long found = found(file, prefix, wanted);
      if (found == wanted.size() && found == most) {
        otherMatch = prefix;
      } else if (found > most) {
        best = prefix;
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

  private static long found(WeightFile file, String prefix, Collection<String> wanted) {
    return wanted.stream().filter(name -> file.tensors().containsKey(prefix + name)).count();
  }

  /** The known prefixes, single or nested, with which a name of the file starts. */
  private static Set<String> candidates(WeightFile file) {
    var candidates = new LinkedHashSet<String>();
    for (var name : file.tensors().keySet()) {
      var left = new ArrayDeque<String>(List.of(""));
      for (int nested = 0; nested < MAX_NESTED && !left.isEmpty(); nested++) {
        for (int i = left.size(); i > 0; i--) {
          String prefix = left.remove();
          for (var known : KNOWN) {
            if (name.startsWith(known, prefix.length())) {
              candidates.add(prefix + known);
              left.add(prefix + known);
            }
          }
        }
      }
    }
    return candidates;
  }
}
