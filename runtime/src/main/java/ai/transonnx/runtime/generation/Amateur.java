package ai.transonnx.runtime.generation;

import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.sampling.ContrastiveDecoding;
import java.util.Map;
import java.util.TreeMap;

/**
 * A model that the generator's own, the expert, is contrasted with.
 *
 * @param model a model of the same vocabulary, which stays open
 * @param contrast how its logits are subtracted
 */
record Amateur(OnnxModel model, ContrastiveDecoding contrast) {
  /** Those of a request's inputs that the model has. */
  Map<String, Tensor> inputs(Map<String, Tensor> all) {
    var own = new TreeMap<>(all);
    own.keySet().retainAll(model.signature().inputs().keySet());
    return own;
  }
}
