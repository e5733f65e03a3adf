package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Each head's scores become a mixture of all heads' scores.
 *
 * <p>Immutable; threads may share it.
 *
 * @param name the weight's module: the library has one before and one behind the softmax
 * @see <a href="https://arxiv.org/abs/2003.02436">Talking-Heads Attention</a>
 */
public record TalkingHeads(String name, int heads) implements ScoreTransform {
  @Override
  public Value of(Scope scope, Value scores) {
    var mixing = scope.child(name);
    return mixing.pointwiseConvolution(scores, mixing.matrix("weight", heads, heads, 1, 1));
  }
}
