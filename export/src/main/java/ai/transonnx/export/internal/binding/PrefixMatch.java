package ai.transonnx.export.internal.binding;

import ai.transonnx.export.weights.Content;
import ai.transonnx.export.weights.WeightTensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The tensors of a set that have the names of a model after a prefix.
 *
 * @param wrappers the segments that wrappers of submodules added within names
 * @param tensors the tensors by their names in the model
 * @param unusable the reasons why further tensors cannot be read, by their names in the model
 * @param fitting the number of required tensors that have the right shape
 */
record PrefixMatch(
    String prefix,
    Set<String> wrappers,
    Map<String, WeightTensor> tensors,
    Map<String, String> unusable,
    int fitting) {
  static final PrefixMatch NONE = new PrefixMatch("", Set.of(), Map.of(), Map.of(), 0);

  /** The number of required tensors that fit, or might fit if they were usable. */
  int promising() {
    return fitting + unusable.size();
  }

  /** The name in the model of a tensor whose name has the prefix. */
  String nameOf(WeightTensor tensor) {
    return NameScan.without(wrappers, tensor.name().substring(prefix.length()));
  }

  /** The contents of the tensors, by their names in the model. */
  Map<String, Content> contents() {
    var contents = new HashMap<String, Content>();
    tensors.forEach((name, tensor) -> contents.put(name, tensor.content()));
    return contents;
  }
}
