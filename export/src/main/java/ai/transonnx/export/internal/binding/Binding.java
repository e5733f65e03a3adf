package ai.transonnx.export.internal.binding;

import ai.transonnx.InputException;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.export.weights.WeightTensor;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Parameter;
import ai.transonnx.graph.WeightExpression;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tensors of a file that the parameters of a model use. Binding is strict in both directions:
 * the file must have each tensor of a parameter, with the declared shape, unless the parameter has
 * default values for an absent one; and the model must use each tensor of the file, unless the
 * tensor is known to be unused.
 *
 * @param prefix the prefix that a wrapper added to the names in the file; usually empty
 * @param tensors the used tensors by their names in the model
 * @param others the names in the file that do not have the prefix
 */
public record Binding(
    WeightFile file, String prefix, Map<String, WeightTensor> tensors, List<String> others) {
  public Binding {
    tensors = Map.copyOf(tensors);
    others = List.copyOf(others);
  }

  /**
   * Binds parameters to the tensors of a file. The prefix of a wrapper is removed from the names.
   *
   * @param unusedWeights names of tensors that the file may have and the model does not use; {@code
   *     *} in a name matches any characters
   * @throws InputException if anything does not match; the message lists all mismatches
   */
  public static Binding bind(
      Collection<Parameter> parameters, WeightFile file, Collection<String> unusedWeights) {
    var prefix = WrapperPrefix.of(file, required(parameters));
    var tensors = new HashMap<String, WeightTensor>();
    var mismatches = new Mismatches(file, prefix);
    for (var parameter : parameters) {
      for (var stored : parameter.source().stored()) {
        var tensor = file.tensors().get(prefix + stored.name());
        if (tensor == null) {
          if (stored.absent().isEmpty()) {
            mismatches.missing(stored);
          }
          continue;
        }
        tensors.put(stored.name(), tensor);
        if (!tensor.shape().equals(stored.shape())) {
          mismatches.wrongShape(stored, tensor);
        } else if (!isReadable(parameter.elements(), tensor.elements())) {
          mismatches.wrongType(parameter, tensor);
        }
      }
    }
    var unused = unusedWeights.stream().map(NamePattern::of).toList();
    var others = new ArrayList<String>();
    for (var tensor : file.tensors().values()) {
      if (!tensor.name().startsWith(prefix)) {
        others.add(tensor.name());
        continue;
      }
      String name = tensor.name().substring(prefix.length());
      if (!tensors.containsKey(name)
          && unused.stream().noneMatch(pattern -> pattern.matches(name))) {
        mismatches.unused(tensor);
      }
    }
    mismatches.throwIfAny();
    return new Binding(file, prefix, tensors, others);
  }

  /** The names of the tensors that a file must have, from which the prefix is recognized. */
  private static Set<String> required(Collection<Parameter> parameters) {
    var names = new LinkedHashSet<String>();
    for (var parameter : parameters) {
      for (var stored : parameter.source().stored()) {
        if (stored.absent().isEmpty()) {
          names.add(stored.name());
        }
      }
    }
    return names;
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
    boolean isComputed = wanted == ElementType.FLOAT32 || wanted.isHalf();
    return wanted == stored || (isComputed && stored.isFloatingPoint());
  }
}
