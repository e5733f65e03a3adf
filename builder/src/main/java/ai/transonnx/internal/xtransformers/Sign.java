package ai.transonnx.internal.xtransformers;

import ai.transonnx.format.internal.Printable;
import ai.transonnx.graph.Shape;
import ai.transonnx.xtransformers.Release;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A tensor that only some releases store.
 *
 * @param name a pattern for its name
 * @param shape the shapes that it has in these releases
 * @param absent the tensors that it does not have beside it in these releases
 * @param since the first of them
 * @param until the last of them; empty if the newest is one of them
 */
record Sign(Pattern name, Predicate<Shape> shape, Absent absent, String since, String until) {
  /**
   * Tensors that do not exist beside this one.
   *
   * @param end the end of this tensor's name
   * @param others the same part of the other tensors' names
   */
  private record Absent(String end, List<String> others) {
    static final Absent NONE = new Absent("", List.of());

    Stream<String> names(String name) {
      int kept = name.length() - end.length();
      return others.stream().map(other -> name.substring(0, kept) + other);
    }
  }

  static Sign since(String release, String name) {
    return new Sign(Pattern.compile(name), shape -> true, Absent.NONE, release, "");
  }

  static Sign until(String release, String name) {
    return within(Release.FIRST.toString(), release, name);
  }

  static Sign within(String first, String last, String name) {
    return new Sign(Pattern.compile(name), shape -> true, Absent.NONE, first, last);
  }

  /** This sign, given a number of dimensions. */
  Sign ofRank(int rank) {
    return of(shape -> shape.rank() == rank);
  }

  /** This sign, given a shape. */
  Sign of(Predicate<Shape> condition) {
    return new Sign(name, condition, absent, since, until);
  }

  /**
   * This sign, given that other tensors of the module do not exist.
   *
   * @param end the end of this tensor's name
   * @param others the same part of the other tensors' names
   */
  Sign without(String end, String... others) {
    return new Sign(name, shape, new Absent(end, List.of(others)), since, until);
  }

  boolean appliesTo(String tensor, Map<String, Shape> shapes) {
    return name.matcher(tensor).find()
        && shape.test(shapes.get(tensor))
        && absent.names(tensor).noneMatch(shapes::containsKey);
  }

  /** Whether a release stores the tensor. */
  boolean allows(Release release) {
    return until.isEmpty() ? release.since(since) : release.within(since, until);
  }

  /** The sign in words, given a tensor to which it applies. */
  String describe(String tensor, Map<String, Shape> shapes) {
    var others = absent.names(tensor).map(other -> " and no '" + Printable.of(other) + "'");
    return "they have '%s' %s%s"
        .formatted(
            Printable.of(tensor),
            shapes.get(tensor),
            others.limit(1).collect(Collectors.joining()));
  }

  /** The releases in words. */
  String releases() {
    if (until.isEmpty()) {
      return since + " or later";
    }
    return since.equals(Release.FIRST.toString())
        ? until + " or earlier"
        : "%s to %s".formatted(since, until);
  }
}
