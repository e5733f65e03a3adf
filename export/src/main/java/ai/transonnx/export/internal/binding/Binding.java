package ai.transonnx.export.internal.binding;

import ai.transonnx.InputException;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.export.weights.WeightSelection;
import ai.transonnx.export.weights.WeightTensor;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Parameter;
import ai.transonnx.graph.WeightExpression;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * The tensors of a file that the parameters of a model use. Binding is strict in both directions:
 * the file must have each tensor of a parameter, with the declared shape, unless the parameter has
 * default values for an absent one; and the model must use each tensor that the file has after the
 * same prefix, unless the tensor is known to be unused.
 *
 * @param selection which tensors of the file they are
 * @param tensors the used tensors by their names in the model
 */
public record Binding(
    WeightFile file, WeightSelection selection, Map<String, WeightTensor> tensors) {
  public Binding {
    tensors = Map.copyOf(tensors);
  }

  /**
   * Binds parameters to the tensors of a file. Names and shapes decide which state dict has them,
   * and which prefix and which segments of wrappers are removed from its names.
   *
   * @throws InputException if anything does not match, the message lists all mismatches; or if
   *     several sets of tensors fit
   */
  public static Binding bind(Collection<Parameter> parameters, WeightFile file, NameRules rules) {
    var search = Candidates.of(parameters, rules);
    var fitting = search.fitting(file);
    var nearest = new NearestMatch(search, file, parameters);
    if (fitting.isEmpty()) {
      throw nearest.error();
    }
    var choice = Choice.of(file, fitting);
    nearest
        .passedOver(choice)
        .ifPresent(
            error -> {
              throw error;
            });
    mismatches(file, choice.chosen(), parameters)
        .error()
        .ifPresent(
            error -> {
              throw error;
            });
    return new Binding(file, choice.selection(), choice.chosen().match().tensors());
  }

  /**
   * Whether a file has tensors that fit parameters and the model uses all that belong to them;
   * several sets of tensors may.
   */
  public static boolean fits(Collection<Parameter> parameters, WeightFile file, NameRules rules) {
    return Candidates.of(parameters, rules).fitting(file).stream()
        .anyMatch(one -> mismatches(file, one, parameters).error().isEmpty());
  }

  /** The mismatches between a candidate and the model. */
  static Mismatches mismatches(
      WeightFile file, Candidate candidate, Collection<Parameter> parameters) {
    var tensors = candidate.match().tensors();
    var mismatches = new Mismatches(file, candidate);
    for (var parameter : parameters) {
      for (var stored : parameter.source().stored()) {
        var tensor = tensors.get(stored.name());
        if (tensor == null) {
          if (stored.absent().isEmpty()) {
            mismatches.missing(stored);
          }
        } else if (!tensor.shape().equals(stored.shape())) {
          mismatches.wrongShape(stored, tensor);
        } else if (!isReadable(parameter.sourceElements(), tensor.elements())) {
          mismatches.wrongType(parameter, tensor);
        }
      }
    }
    candidate.unknown().forEach(mismatches::unused);
    return mismatches;
  }

  /**
   * The tensor that a parameter uses; empty if it is absent and has default values.
   *
   * @throws IllegalArgumentException if no parameter uses it
   */
  public Optional<WeightTensor> tensor(WeightExpression.Stored stored) {
    var tensor = Optional.ofNullable(tensors.get(stored.name()));
    if (tensor.isEmpty() && stored.absent().isEmpty()) {
      throw new IllegalArgumentException("no parameter uses tensor " + stored.name());
    }
    return tensor;
  }

  private static boolean isReadable(ElementType wanted, ElementType stored) {
    return wanted == stored || (wanted.isFloatingPoint() && stored.isFloatingPoint());
  }
}
