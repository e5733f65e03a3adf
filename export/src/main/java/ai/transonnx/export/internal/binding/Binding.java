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
 * The tensors of a file that a model's parameters are made of. Binding is strict both ways: every
 * parameter finds its tensors with the shapes that it declares, unless it knows their values where
 * they are absent; and every tensor of the file is used, or known and unusedWeights.
 *
 * @param prefix what a wrapper put before the names in the file, mostly nothing
 * @param tensors those that are used, by the model's names
 * @param others names in the file without the prefix, which are not the model's
 */
public record Binding(
    WeightFile file, String prefix, Map<String, WeightTensor> tensors, List<String> others) {
  public Binding {
    tensors = Map.copyOf(tensors);
    others = List.copyOf(others);
  }

  /**
   * Binds parameters to a file's tensors. If a wrapper put a prefix before the names, it is left
   * off.
   *
   * @param unusedWeights names of tensors that the file may have for nothing; {@code *} in a name
   *     stands for any characters
   * @throws InputException if anything does not fit, with all that does not
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
          mismatches.misfit(stored, tensor);
        } else if (!isReadable(parameter.elements(), tensor.elements())) {
          mismatches.mistyped(parameter, tensor);
        }
      }
    }
    var known = new NamePatterns(unusedWeights);
    var others = new ArrayList<String>();
    for (var tensor : file.tensors().values()) {
      if (!tensor.name().startsWith(prefix)) {
        others.add(tensor.name());
        continue;
      }
      String name = tensor.name().substring(prefix.length());
      if (!tensors.containsKey(name) && !known.matches(name)) {
        mismatches.unused(tensor);
      }
    }
    mismatches.throwIfAny();
    return new Binding(file, prefix, tensors, others);
  }

  /** The names that a file must have: what it may lack tells nothing of a prefix. */
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
   * The tensor that a parameter is made of; nothing if the file lacks it and may.
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
