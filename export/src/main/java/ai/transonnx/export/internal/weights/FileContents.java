package ai.transonnx.export.internal.weights;

import ai.transonnx.export.weights.WeightSet;
import ai.transonnx.export.weights.WeightTensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The contents of a weight file.
 *
 * @param chosen the set that is used
 * @param sets all sets, which include the chosen one
 * @param metadata the file's metadata
 * @param others kinds of the values beside tensors and metadata, by key
 */
public record FileContents(
    WeightSet chosen,
    List<WeightSet> sets,
    SortedMap<String, String> metadata,
    Map<String, String> others) {
  public FileContents {
    sets = List.copyOf(sets);
    metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
    others = Collections.unmodifiableMap(others);
  }

  /** The same contents with each tensor replaced. */
  public FileContents withTensors(UnaryOperator<WeightTensor> replace) {
    int index = sets.indexOf(chosen);
    var replaced = sets.stream().map(set -> withTensors(set, replace)).toList();
    return new FileContents(replaced.get(index), replaced, metadata, others);
  }

  private static WeightSet withTensors(WeightSet set, UnaryOperator<WeightTensor> replace) {
    var tensors = new LinkedHashMap<>(set.tensors());
    tensors.replaceAll((name, tensor) -> replace.apply(tensor));
    return new WeightSet(set.key(), tensors, set.unusable());
  }

  /** The contents of a file that is one set of tensors. */
  public static FileContents of(WeightSet set, SortedMap<String, String> metadata) {
    return new FileContents(set, List.of(set), metadata, Map.of());
  }
}
