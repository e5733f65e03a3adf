package ai.transonnx.internal.xtransformers;

import ai.transonnx.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * The vectors of a call that condition its layers.
 *
 * @param ofNorms what norms and scales depend on: {@code [b, c]} or {@code [b, n, c]}; or null
 * @param injected added to the input of each layer: {@code [b, d]} or {@code [b, n, d]}; or null
 */
record Conditions(@Nullable Value ofNorms, @Nullable Value injected) {
  static final Conditions NONE = new Conditions(null, null);
}
