package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Talking heads as a convolution: each head's scores become a learned mixture of all heads' scores.
 *
 * <p>Immutable; threads may share it.
 *
 * @param name the module that has the weight; the library has one before and one after the softmax
 * @param heads number of heads
 * @see <a href="https://arxiv.org/abs/2003.02436">Talking-Heads Attention</a>
 */
public record TalkingHeads(String name, int heads) implements ScoreTransform {
  @Override
  public Value of(Scope scope, Value scores, ScoreContext context) {
    var mixing = scope.child(name);
    return mixing.pointwiseConvolution(scores, mixing.matrix("weight", heads, heads, 1, 1));
  }
}
