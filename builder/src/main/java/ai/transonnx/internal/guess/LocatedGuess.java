package ai.transonnx.internal.guess;

import ai.transonnx.graph.Shape;
import ai.transonnx.xtransformers.Release;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A model among the tensors of a checkpoint.
 *
 * @param prefix the prefix of its names
 * @param guess its configuration
 */
public record LocatedGuess(String prefix, Guess guess) {
  /** The most models that are found. */
  public static final int MAX = 10;

  /** A tensor's name in each class that has it once, after the prefix of the model. */
  private static final Pattern ANCHOR =
      Pattern.compile(
          "(?:^|\\.)(?:net\\.0\\.fn\\.project_in\\.0\\.weight"
              + "|(?:layers\\.0\\.)?qk_offset_scale\\.gamma|offsetscale\\.gamma"
              + "|layers\\.0\\.0\\.to_kv\\.weight"
              + "|(?:(?:encoder\\.)?attn_layers\\.)?layers\\.0\\.[01]\\.)");

  /** A segment of a wrapper within a name; those before the name belong to the prefix. */
  private static final Pattern WRAPPER = Pattern.compile("(?<=[^.])(\\.)(?:_[^.]*\\.)+");

  /** The modules of the classes that resemble a class of their own. */
  private static final Pattern OWN_MODULE =
      Pattern.compile(
          "(?:net|layers|encoder|decoder|attn_layers|attn_pool|layer_integrators)\\..*");

  /**
   * The models among tensors, the one with the shortest prefix first. Segments of names that begin
   * with an underscore are those of wrappers, such as {@code _orig_mod}, and are ignored within
   * names.
   *
   * @param release the release of x-transformers that wrote them, if it is known
   */
  public static List<LocatedGuess> all(Map<String, Shape> shapes, Optional<Release> release) {
    var tensors = new Tensors(withoutWrappers(shapes));
    var found = new ArrayList<LocatedGuess>();
    for (var prefix : prefixes(tensors.shapes().keySet())) {
      if (found.size() < MAX && found.stream().noneMatch(outer -> outer.isAround(prefix))) {
        Guess.of(tensors.under(prefix).shapes(), release)
            .ifPresent(guess -> found.add(new LocatedGuess(prefix, guess)));
      }
    }
    return found.isEmpty() ? whole(tensors, release) : found;
  }

  private static List<LocatedGuess> whole(Tensors tensors, Optional<Release> release) {
    return Guess.of(tensors.shapes(), release).stream()
        .map(guess -> new LocatedGuess("", guess))
        .toList();
  }

  private boolean isAround(String inner) {
    return inner.startsWith(prefix)
        && OWN_MODULE.matcher(inner.substring(prefix.length())).matches();
  }

  /** The candidates: a few more than can be found, since some are modules of others. */
  private static List<String> prefixes(Set<String> names) {
    var prefixes = new LinkedHashSet<String>();
    for (var name : names) {
      var matcher = ANCHOR.matcher(name);
      if (matcher.find()) {
        int dot = matcher.start();
        prefixes.add(name.substring(0, name.charAt(dot) == '.' ? dot + 1 : dot));
      }
    }
    return prefixes.stream()
        .sorted(Comparator.comparingInt(String::length))
        .limit(2L * MAX)
        .toList();
  }

  private static Map<String, Shape> withoutWrappers(Map<String, Shape> shapes) {
    var names = new LinkedHashMap<String, Shape>();
    shapes.forEach((name, shape) -> names.put(WRAPPER.matcher(name).replaceAll("$1"), shape));
    return names;
  }
}
