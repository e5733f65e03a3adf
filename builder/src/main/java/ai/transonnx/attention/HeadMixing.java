package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Talking heads, as x-transformers had them before they were a convolution.
 *
 * <p>Immutable; threads may share it.
 *
 * @param name the weight: {@code [from, to]}
 * @see <a href="https://arxiv.org/abs/2003.02436">Talking-Heads Attention</a>
 */
public record HeadMixing(String name, int heads) implements ScoreTransform {
  @Override
  public Value of(Scope scope, Value scores) {
    var mixing = scope.matrix(scope.stored(name, heads, heads).transposed());
    var kernel = scope.unsqueeze(scope.unsqueeze(mixing, 2), 3); // [to, from, 1, 1]
    return scope.pointwiseConvolution(scores, kernel);
  }
}
