package ai.transonnx.verification.internal.divergence;

import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.runtime.Tensor;
import java.util.Map;

/**
 * A part of the graph that computes a wrong value from given ones. Immutable, so threads may share
 * it.
 *
 * @param part a model of its own, with the value as its only output
 * @param nodes the number of its nodes
 * @param inputs the given values, in the types of the model
 * @param expected the expected value
 * @param result the comparison of the runtime's value
 */
record Fault(
    ModelProto part, int nodes, Map<String, Tensor> inputs, Tensor expected, ValueResult result) {
  Fault {
    inputs = Map.copyOf(inputs);
  }

  /** The wrong value. */
  String value() {
    return result.value();
  }
}
