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
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** Collects the mismatches between a file and a model, and reports all of them at once. */
final class Mismatches {
  private static final int MAX_LISTED = 10;

  /** The names that are compared with a missing one. */
  private static final int MAX_COMPARED = 10_000;

  private record WrongShape(WeightExpression.Stored wanted, WeightTensor found) {}

  private record WrongType(Parameter parameter, WeightTensor found) {}

  private final WeightFile file;
  private final String location;
  private final Map<String, String> unusable;
  private final Map<String, WeightExpression.Stored> missing = new LinkedHashMap<>();
  private final Map<String, WrongShape> wrongShapes = new LinkedHashMap<>();
  private final Map<String, WrongType> wrongTypes = new LinkedHashMap<>();
  private final Map<String, WeightTensor> unused = new LinkedHashMap<>();

  /**
   * Creates an empty collection.
   *
   * @param candidate the tensors of the file
   */
  Mismatches(WeightFile file, Candidate candidate) {
    this.file = file;
    this.location = candidate.location();
    this.unusable = candidate.match().unusable();
  }

  void missing(WeightExpression.Stored wanted) {
    missing.putIfAbsent(wanted.name(), wanted);
  }

  void wrongShape(WeightExpression.Stored wanted, WeightTensor found) {
    wrongShapes.putIfAbsent(wanted.name(), new WrongShape(wanted, found));
  }

  void wrongType(Parameter parameter, WeightTensor found) {
    wrongTypes.putIfAbsent(found.name(), new WrongType(parameter, found));
  }

  void unused(WeightTensor tensor) {
    unused.put(tensor.name(), tensor);
  }

  /** The error that lists the mismatches; empty if there are none. */
  Optional<InputException> error() {
    var counts = new ArrayList<String>();
    var parts = new ArrayList<String>();
    list("missing", missing.values(), this::describe, counts, parts);
    list("with another shape", wrongShapes.values(), Mismatches::describe, counts, parts);
    list("with another type", wrongTypes.values(), Mismatches::describe, counts, parts);
    list("not used", unused.values(), Mismatches::describe, counts, parts);
    if (parts.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        file.error(
            DividedWeights.problem(unfit())
                .orElse(
                    "these weights do not fit the configuration%s (tensors: %s): %s"
                        .formatted(
                            location, String.join(", ", counts), String.join("; ", parts)))));
  }

  private List<WeightTensor> unfit() {
    var unfit = new ArrayList<WeightTensor>();
    if (!missing.isEmpty()) {
      unfit.addAll(unused.values());
    }
    wrongShapes.values().forEach(mismatch -> unfit.add(mismatch.found()));
    return unfit;
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
    found.stream().limit(MAX_LISTED).map(describe).forEach(parts::add);
    if (found.size() > MAX_LISTED) {
      parts.add("and %s more %s".formatted(found.size() - MAX_LISTED, kind));
    }
  }

  private String describe(WeightExpression.Stored wanted) {
    var reason = unusable.get(wanted.name());
    if (reason != null) {
      return "%s %s cannot be used: %s".formatted(wanted.name(), wanted.shape(), reason);
    }
    String line = "%s %s is missing".formatted(wanted.name(), wanted.shape());
    return hint(wanted).map(hint -> line + ", did you mean " + hint + "?").orElse(line);
  }

  /**
   * The unused tensor that a missing one may be: that of the same shape with the most similar name,
   * or the only one of the same shape; or else one with another shape and a similar name.
   */
  private Optional<String> hint(WeightExpression.Stored wanted) {
    var candidates = unused.values().stream().limit(MAX_COMPARED).toList();
    var fitting =
        candidates.stream()
            .filter(tensor -> tensor.shape().equals(wanted.shape()))
            .map(WeightTensor::name)
            .toList();
    var nearest = Spelling.nearest(wanted.name(), fitting);
    if (nearest.isPresent()) {
      return nearest.map(Printable::of);
    }
    if (fitting.size() == 1 && hasShapeOfItsOwn(wanted)) {
      return Optional.of(Printable.of(fitting.get(0)) + ", the only unused tensor of this shape");
    }
    return Spelling.nearest(wanted.name(), candidates.stream().map(WeightTensor::name).toList())
        .map(
            name ->
                "%s %s"
                    .formatted(
                        Printable.of(name), Objects.requireNonNull(unused.get(name)).shape()));
  }

  private boolean hasShapeOfItsOwn(WeightExpression.Stored wanted) {
    return missing.values().stream()
            .filter(other -> other.shape().equals(wanted.shape()))
            .limit(2)
            .count()
        == 1;
  }

  private static String describe(WrongShape mismatch) {
    return "%s has shape %s, the configuration needs %s"
        .formatted(
            Printable.of(mismatch.found().name()),
            mismatch.found().shape(),
            mismatch.wanted().shape());
  }

  private static String describe(WrongType mismatch) {
    return "%s has type %s, which cannot be converted to %s of type %s"
        .formatted(
            Printable.of(mismatch.found().name()),
            mismatch.found().elements(),
            mismatch.parameter().name(),
            mismatch.parameter().sourceElements());
  }

  private static String describe(WeightTensor unused) {
    return "%s %s is not used".formatted(Printable.of(unused.name()), unused.shape());
  }
}
