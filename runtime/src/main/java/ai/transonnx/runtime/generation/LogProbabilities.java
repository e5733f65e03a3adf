package ai.transonnx.runtime.generation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The log-probabilities of one step, from a copy of its logits. */
final class LogProbabilities {
  private final float[] logits;
  private final double highest;
  private final double logSum;

  /** Those of the given logits, which may change afterwards. */
  LogProbabilities(float[] logits) {
    this.logits = logits.clone();
    double most = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      most = Math.max(most, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - most);
    }
    this.highest = most;
    this.logSum = Math.log(sum);
  }

  TokenLogProbability of(long token) {
    return new TokenLogProbability(token, logits[Math.toIntExact(token)] - highest - logSum);
  }

  /** The {@code count} most likely tokens, the likeliest first; of equals, the lower token. */
  List<TokenLogProbability> highest(int count) {
    Comparator<Integer> leastFirst =
        Comparator.<Integer>comparingDouble(token -> logits[token])
            .thenComparing(Comparator.reverseOrder());
    var kept = new PriorityQueue<Integer>(leastFirst);
    for (int token = 0; token < logits.length && count > 0; token++) {
      if (kept.size() < count) {
        kept.add(token);
      } else if (logits[token] > logits[kept.peek()]) {
        kept.poll();
        kept.add(token);
      }
    }
    var tokens = new ArrayList<>(kept);
    tokens.sort(leastFirst.reversed());
    return tokens.stream().map(token -> of(token)).toList();
  }
}
