package ai.transonnx.internal.xtransformers;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * A token that stands for a number, which scales its embedding. Immutable.
 *
 * @param input the input of numbers
 * @param token the token's index
 * @see <a href="https://arxiv.org/abs/2310.02989">xVal</a>
 */
public record NumberToken(String input, int token) {
  private static final long IGNORED = -100;

  /**
   * Scales the embeddings of numbers.
   *
   * @param tokens int64 {@code [b, n]}
   * @param numbers float32 {@code [b, n]}
   * @param x {@code [b, n, e]}
   */
  Value scaled(Scope scope, Value tokens, Value numbers, Value x) {
    var isNumber = scope.equal(tokens, scope.scalar((long) token)); // [b, n]
    var factors = scope.where(isNumber, numbers, scope.scalar(1f));
    return scope.mul(x, scope.unsqueeze(factors, 2));
  }

  /**
   * The loss: the mean over the targets of the negative log-likelihood of the token and, where it
   * stands for a number, the squared error of the number.
   *
   * @param logits {@code [b, n, v]}
   * @param predicted predicted numbers {@code [b, n]}
   * @param targets int64 {@code [b, n]}
   * @param numbers {@code [b, n]}
   * @param kept bool {@code [b, n]}: the targets to include; null for all
   * @return a scalar
   */
  Value loss(
      Scope s, Value logits, Value predicted, Value targets, Value numbers, @Nullable Value kept) {
    var isCounted = s.not(s.equal(targets, s.scalar(IGNORED))); // [b, n]
    var indices = s.where(isCounted, targets, s.scalar(0L));
    var likelihoods = s.gatherElements(s.logSoftmax(logits), s.unsqueeze(indices, 2));
    var isNumber = s.equal(targets, s.scalar((long) token));
    var zero = s.scalar(0f);
    var error = s.where(isNumber, s.sub(predicted, numbers), zero);
    var all = s.sub(s.mul(error, error), s.squeeze(likelihoods, 2));
    var included = kept == null ? isCounted : s.and(isCounted, kept);
    var count = s.sum(s.cast(included, s.wideType()));
    return s.div(s.sum(s.where(included, all, zero)), count);
  }
}
