package ai.transonnx.export.internal.binding;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.weights.ModelKeys;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.export.weights.WeightSet;
import ai.transonnx.format.internal.Printable;
import ai.transonnx.graph.Parameter;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Explains why no tensors of a file fit a model. */
record NearestMatch(Candidates search, WeightFile file, Collection<Parameter> parameters) {
  /** The error that lists the mismatches of the tensors that fit best. */
  InputException error() {
    var nearest = search.nearest(file);
    if (nearest.isEmpty() && search.prefix().text().isPresent()) {
      return withoutPrefix(search.prefix().text().get());
    }
    var best = nearest.isEmpty() ? everything() : nearest.get(0);
    var error = Binding.mismatches(file, best, parameters).error().orElseThrow();
    boolean hasNext = nearest.size() > 1 && hasMost(nearest.get(1));
    return hasNext ? new InputException(error.getMessage() + next(nearest.get(1)), error) : error;
  }

  /**
   * The error if the model that a training script has stored does not fit, although it has most of
   * the tensors, so that others were chosen, such as an optimizer's.
   */
  Optional<InputException> passedOver(Choice choice) {
    if (search.prefix().text().isPresent() || ModelKeys.isUsual(choice.chosen().set().key())) {
      return Optional.empty();
    }
    return search.nearest(file).stream()
        .filter(one -> 2 * one.match().promising() > search.wanted().required())
        .filter(choice::isLessUsualThan)
        .findFirst()
        .flatMap(one -> Binding.mismatches(file, one, parameters).error())
        .map(
            error ->
                new InputException(
                    error.getMessage() + "; these fit: " + choice.chosen().options(), error));
  }

  private InputException withoutPrefix(String prefix) {
    var elsewhere = search.withAnyPrefix().fitting(file);
    return file.error(
        "no tensor of the model has the prefix '%s'%s"
            .formatted(
                Printable.of(prefix),
                elsewhere.isEmpty() ? "" : "; these fit: " + Choice.options(elsewhere)));
  }

  private Candidate everything() {
    var set = new WeightSet("", file.tensors(), file.unusable());
    return search.candidates(set, List.of(PrefixMatch.NONE)).get(0);
  }

  private boolean hasMost(Candidate candidate) {
    return 2 * candidate.match().fitting() > search.wanted().required();
  }

  private String next(Candidate second) {
    return "; next nearest is %s, with %s of %s tensors"
        .formatted(second.options(), second.match().fitting(), search.wanted().required());
  }
}
