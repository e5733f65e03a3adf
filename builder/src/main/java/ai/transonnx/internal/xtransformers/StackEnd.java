package ai.transonnx.internal.xtransformers;

import ai.transonnx.graph.Value;
import ai.transonnx.layer.SoftClamp;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * The end of a layer stack, after its last layer. Immutable.
 *
 * @param streams the residual streams, which are summed at the end; null for one stream
 * @param norm the final norm, or null
 * @param clamp limits the last layer's output before it is normalized; null if nothing does
 * @param outer the sum of everything, whose final norm is added to the last layer's output; null
 *     for the usual norm of the last layer's output
 */
public record StackEnd(
    @Nullable ResidualStreams streams,
    @Nullable PlacedNorm norm,
    @Nullable SoftClamp clamp,
    @Nullable OuterResidual outer) {
  /**
   * The output of the stack.
   *
   * @param scope the stack's module
   * @param last the output of the last layer
   * @param sum the sum of everything; null without a sum
   */
  Value of(Scope scope, Value last, @Nullable Value sum, LayerInputs inputs) {
    var x = clamp == null ? last : clamp.of(scope, last);
    if (streams == null) {
      return normed(scope, x, sum, inputs);
    }
    return streams.normedEach()
        ? streams.sum(scope, normed(scope, x, sum, inputs))
        : normed(scope, streams.sum(scope, x), sum, inputs);
  }

  private Value normed(Scope scope, Value x, @Nullable Value sum, LayerInputs inputs) {
    if (norm == null) {
      return x;
    }
    return sum == null ? norm.of(scope, x, inputs) : scope.add(x, norm.of(scope, sum, inputs));
  }
}
