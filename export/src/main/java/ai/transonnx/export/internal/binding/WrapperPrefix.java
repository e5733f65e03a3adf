package ai.transonnx.export.internal.binding;

import ai.transonnx.InputException;
import ai.transonnx.export.weights.WeightFile;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What wrappers put before the names of a model's tensors: the module that holds it, parallel
 * training, compilation. A prefix is recognized when the names fit the model without it.
 */
final class WrapperPrefix {
  private static final List<String> KNOWN =
      List.of("net.", "module.", "model.", "_orig_mod.", "decoder.net.", "transformer.");

  private static final int MAX_NESTED = 4;

  private WrapperPrefix() {}

  /**
   * The prefix of a file's names, often empty. Where the names fit with none, it is the one with
   * which most of them do.
   *
   * @param wanted names of the model's tensors, but those that a file may lack
   * @throws InputException if the names fit with more than one, so that there are several models
   */
  static String of(WeightFile file, Collection<String> wanted) {
    String best = "";
    long most = found(file, best, wanted);
    String alsoFits = "";
    for (var prefix : most == wanted.size() ? Set.<String>of() : candidates(file)) {
      long found = found(file, prefix, wanted);
      if (found == wanted.size() && found == most) {
        alsoFits = prefix;
      } else if (found > most) {
        best = prefix;
        most = found;
      }
    }
    if (!alsoFits.isEmpty()) {
      throw file.error(
          "the model is there twice, its names behind '%s' and behind '%s'; keep one of them"
              .formatted(best, alsoFits));
    }
    return best;
  }

  private static long found(WeightFile file, String prefix, Collection<String> wanted) {
    return wanted.stream().filter(name -> file.tensors().containsKey(prefix + name)).count();
  }

  /** The known prefixes, also nested ones, that a name of the file begins with. */
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
