package ai.transonnx.internal.xtransformers;

import ai.transonnx.graph.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The vectors of a call that condition its layers.
 *
 * @param ofNorms what norms and scales depend on: {@code [b, c]} or {@code [b, n, c]}; or null
 * @param injected added to the input of each layer: {@code [b, d]} or {@code [b, n, d]}; or null
 * @param ofFeedForwards factors of the outputs of feedforward layers, in the order of execution:
 *     {@code [b, n, d]} each; layers after the last one have none
 */
record Conditions(@Nullable Value ofNorms, @Nullable Value injected, List<Value> ofFeedForwards) {
  static final Conditions NONE = new Conditions(null, null, List.of());

  Conditions {
    ofFeedForwards = List.copyOf(ofFeedForwards);
  }
}
