package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Talking heads as a matrix, as in x-transformers before it used a convolution: each head's scores
 * become a mixture of all heads' scores.
 *
 * <p>Immutable; threads may share it.
 *
 * @param name the name of the weight: {@code [from, to]}
 * @param heads number of heads
 * @see <a href="https://arxiv.org/abs/2003.02436">Talking-Heads Attention</a>
 */
public record HeadMixing(String name, int heads) implements ScoreTransform {
  @Override
  public Value of(Scope scope, Value scores, ScoreContext context) {
    var mixing = scope.matrix(scope.stored(name, heads, heads).transposed());
    var kernel = scope.unsqueeze(scope.unsqueeze(mixing, 2), 3); // [to, from, 1, 1]
    return scope.pointwiseConvolution(scores, kernel);
  }
}
