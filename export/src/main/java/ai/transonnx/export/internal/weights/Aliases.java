package ai.transonnx.export.internal.weights;

import ai.transonnx.export.weights.WeightTensor;
import java.util.Map;

/**
 * Further names of shared tensors. A saver writes a tensor that several modules share once, and its
 * metadata maps each other name to the one that was written.
 */
public final class Aliases {
  private Aliases() {}

  /**
   * Adds the tensors that are stored under another name.
   *
   * @param metadata its entries may also have other meanings, and are ignored then
   */
  public static void add(Map<String, WeightTensor> tensors, Map<String, String> metadata) {
    metadata.forEach(
        (name, stored) -> {
          var tensor = tensors.get(stored);
          if (tensor != null) {
            tensors.putIfAbsent(name, new WeightTensor(name, tensor.type(), tensor.content()));
          }
        });
  }
}
