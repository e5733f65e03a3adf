package ai.transonnx.layer;

import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.function.UnaryOperator;

/**
 * The mean negative log-likelihood of each position's next token, as the libraries' autoregressive
 * wrappers compute it: PyTorch's {@code cross_entropy} with {@code ignore_index}.
 *
 * <p>Immutable; threads may share it.
 */
public record NextTokenLoss(long ignoreIndex) {
  /** The libraries' default. */
  public static final NextTokenLoss DEFAULT = new NextTokenLoss(-100);

  /**
   * The loss of tokens, each of which but the first is predicted by those before it: the model does
   * not see the last.
   *
   * @param tokens int64 {@code [b, n]}
   * @param model makes logits {@code [b, n - 1, v]} of tokens {@code [b, n - 1]}
   * @return a scalar; not a number if every target is ignored
   */
  public Value of(Scope scope, Value tokens, UnaryOperator<Value> model) {
    var given = scope.slice(tokens, 1, 0, -1); // [b, n - 1]
    var followed = scope.slice(tokens, 1, 1, Scope.END); // [b, n - 1]
    return of(scope.child("loss"), model.apply(given), followed);
  }

  /**
   * The loss.
   *
   * @param logits {@code [b, n, v]}
   * @param targets int64 {@code [b, n]}: the tokens that follow
   * @return a scalar; not a number if every target is ignored
   */
  public Value of(Scope s, Value logits, Value targets) {
    var ignored = s.equal(targets, s.scalar(ignoreIndex)); // [b, n]
    var indices = s.where(ignored, s.scalar(0L), targets);
    var logLikelihoods = s.gatherElements(s.logSoftmax(logits), s.unsqueeze(indices, 2));
    var counted = s.cast(s.not(ignored), ElementType.FLOAT32);
    var sum = s.sum(s.mul(s.squeeze(logLikelihoods, 2), counted));
    return s.neg(s.div(sum, s.sum(counted)));
  }
}
