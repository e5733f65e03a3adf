package ai.transonnx.export.binding;

import ai.transonnx.InputException;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.export.weights.WeightTensor;
import ai.transonnx.graph.ElementType;
import ai.transonnx.graph.Parameter;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * The tensors of a file that a model's parameters are made of. Binding is strict both ways: every
 * parameter finds its tensors with the shapes that it declares, and every tensor of the file is
 * used, or known and unneeded.
 *
 * @param tensors those that are used, by the name in the file
 */
public record Binding(WeightFile file, Map<String, WeightTensor> tensors) {
  public Binding {
    tensors = Map.copyOf(tensors);
  }

  /**
   * Binds parameters to a file's tensors.
   *
   * @param unneeded names of tensors that the file may have for nothing; {@code *} in a name stands
   *     for any characters
   * @throws InputException if anything does not fit, with all that does not: the first line sums
   *     up, each further line is one tensor
   */
  public static Binding bind(
      Collection<Parameter> parameters, WeightFile file, Collection<String> unneeded) {
    var tensors = new HashMap<String, WeightTensor>();
    var mismatches = new Mismatches(file);
    for (var parameter : parameters) {
      for (var stored : parameter.source().stored()) {
        var tensor = file.tensors().get(stored.name());
        if (tensor == null) {
          mismatches.missing(stored);
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
    var known = new NamePatterns(unneeded);
    for (var tensor : file.tensors().values()) {
      if (!tensors.containsKey(tensor.name()) && !known.matches(tensor.name())) {
        mismatches.unused(tensor);
      }
    }
    mismatches.throwIfAny();
    return new Binding(file, tensors);
  }

  /**
   * The tensor of this name.
   *
   * @throws IllegalArgumentException if no parameter uses it
   */
  public WeightTensor tensor(String name) {
    var tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no parameter uses tensor " + name);
    }
    return tensor;
  }

  private static boolean isReadable(ElementType wanted, ElementType stored) {
    return wanted == stored || (wanted == ElementType.FLOAT32 && stored.isFloatingPoint());
  }
}
