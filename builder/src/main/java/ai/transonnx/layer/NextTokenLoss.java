package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.function.UnaryOperator;

/**
 * The mean negative log-likelihood of each position's next token, as the libraries' autoregressive
 * wrappers compute it: PyTorch's {@code cross_entropy} with {@code ignore_index}.
 *
 * <p>Immutable; threads may share it.
 *
 * @param ignoreIndex the target that is left out of the mean
 */
public record NextTokenLoss(long ignoreIndex) {
  /** The libraries' default. */
  public static final NextTokenLoss DEFAULT = new NextTokenLoss(-100);

  /**
   * The loss of a sequence, each token of which, except the first, is predicted from the tokens
   * before it. The model is not given the last token.
   *
   * @param tokens int64 {@code [b, n]}
   * @param model computes logits {@code [b, n - 1, v]} from tokens {@code [b, n - 1]}
   * @return a scalar; NaN if every target is ignored
   */
  public Value of(Scope scope, Value tokens, UnaryOperator<Value> model) {
    var given = scope.slice(tokens, 1, 0, -1); // [b, n - 1]
    var followed = scope.slice(tokens, 1, 1, Scope.END); // [b, n - 1]
    return of(scope.child("loss"), model.apply(given), followed);
  }

  /**
   * The loss of logits.
   *
   * @param logits {@code [b, n, v]}
   * @param targets the next token of each position: int64 {@code [b, n]}
   * @return a scalar; NaN if every target is ignored
   */
  public Value of(Scope s, Value logits, Value targets) {
    var ignored = s.equal(targets, s.scalar(ignoreIndex)); // [b, n]
    var indices = s.where(ignored, s.scalar(0L), targets);
    var logLikelihoods = s.gatherElements(s.logSoftmax(logits), s.unsqueeze(indices, 2));
    var counted = s.cast(s.not(ignored), s.wideType());
    var sum = s.sum(s.mul(s.squeeze(logLikelihoods, 2), counted));
    return s.neg(s.div(sum, s.sum(counted)));
  }
}
