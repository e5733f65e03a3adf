package ai.transonnx.export.internal.binding;

import ai.transonnx.InputException;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.export.weights.WeightTensor;
import ai.transonnx.format.internal.Printable;
import ai.transonnx.format.internal.Spelling;
import ai.transonnx.graph.Parameter;
import ai.transonnx.graph.WeightExpression;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** All that keeps a file from fitting a model, gathered before any of it is reported. */
final class Mismatches {
  private static final int LISTED = 10;

  private record Misfit(WeightExpression.Stored wanted, WeightTensor found) {}

  private record Mistyped(Parameter parameter, WeightTensor found) {}

  private final WeightFile file;
  private final String prefix;
  private final Map<String, WeightExpression.Stored> missing = new LinkedHashMap<>();
  private final Map<String, Misfit> misfits = new LinkedHashMap<>();
  private final Map<String, Mistyped> mistyped = new LinkedHashMap<>();
  private final Map<String, WeightTensor> unused = new LinkedHashMap<>();

  /**
   * No mismatches yet.
   *
   * @param prefix that is left off the names in the file
   */
  Mismatches(WeightFile file, String prefix) {
    this.file = file;
    this.prefix = prefix;
  }

  void missing(WeightExpression.Stored wanted) {
    missing.putIfAbsent(wanted.name(), wanted);
  }

  void misfit(WeightExpression.Stored wanted, WeightTensor found) {
    misfits.putIfAbsent(wanted.name(), new Misfit(wanted, found));
  }

  void mistyped(Parameter parameter, WeightTensor found) {
    mistyped.putIfAbsent(found.name(), new Mistyped(parameter, found));
  }

  void unused(WeightTensor tensor) {
    unused.put(tensor.name(), tensor);
  }

  /** Reports everything at once, if there is anything. */
  void throwIfAny() {
    var counts = new ArrayList<String>();
    var parts = new ArrayList<String>();
    list("missing", missing.values(), this::describe, counts, parts);
    list("of another shape", misfits.values(), Mismatches::describe, counts, parts);
    list("of another type", mistyped.values(), Mismatches::describe, counts, parts);
    list("not used", unused.values(), Mismatches::describe, counts, parts);
    if (!parts.isEmpty()) {
      throw new InputException(
          "%s: these weights do not fit the configuration%s (tensors: %s): %s"
              .formatted(
                  file.path(),
                  prefix.isEmpty() ? "" : ", also without the prefix '" + prefix + "'",
                  String.join(", ", counts),
                  String.join("; ", parts)));
    }
  }

  private static <T> void list(
      String kind,
      Collection<T> found,
      Function<T, String> describe,
      List<String> counts,
      List<String> parts) {
    if (found.isEmpty()) {
      return;
    }
    counts.add(found.size() + " " + kind);
    found.stream().limit(LISTED).map(describe).forEach(parts::add);
    if (found.size() > LISTED) {
      parts.add("and %s more %s".formatted(found.size() - LISTED, kind));
    }
  }

  private String describe(WeightExpression.Stored wanted) {
    String line = "%s %s is missing".formatted(wanted.name(), wanted.shape());
    return Spelling.nearest(wanted.name(), unused.keySet())
        .map(name -> line + ", did you mean " + Printable.of(name) + "?")
        .orElse(line);
  }

  private static String describe(Misfit misfit) {
    return "%s has shape %s, the configuration needs %s"
        .formatted(
            Printable.of(misfit.found().name()), misfit.found().shape(), misfit.wanted().shape());
  }

  private static String describe(Mistyped mistyped) {
    return "%s is %s, which cannot become %s of type %s"
        .formatted(
            Printable.of(mistyped.found().name()),
            mistyped.found().elements(),
            mistyped.parameter().name(),
            mistyped.parameter().elements());
  }

  private static String describe(WeightTensor unused) {
    return "%s %s is not used".formatted(Printable.of(unused.name()), unused.shape());
  }
}
