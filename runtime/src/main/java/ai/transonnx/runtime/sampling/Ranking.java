package ai.transonnx.runtime.sampling;

/**
 * Tokens in the order of their logits, highest first, of equal ones the lower token first. They are
 * ranked as they are asked for, in place: the first m of V cost V + m log V.
 */
final class Ranking {
  private final int[] tokens;
  private final float[] logits;
  private final int size;
  private int unranked;

  /**
   * @param tokens the first {@code size} are ranked, and put in another order
   * @param logits by token
   */
  Ranking(int[] tokens, float[] logits, int size) {
    this.tokens = tokens;
    this.logits = logits;
    this.size = size;
    this.unranked = size;
    for (int parent = size / 2 - 1; parent >= 0; parent--) {
      sink(parent);
    }
  }

  boolean hasNext() {
    return unranked > 0;
  }

  /** The next token in order. */
  int next() {
    int token = tokens[0];
    unranked--;
    tokens[0] = tokens[unranked];
    tokens[unranked] = token; // Behind the heap, so the ranked ones stand there last to first.
    sink(0);
    return token;
  }

  /** Puts the tokens ranked so far to the front of the array, in order, and counts them. */
  int toFront() {
    int ranked = size - unranked;
    for (int i = 0; i < Math.min(ranked, size / 2); i++) {
      int token = tokens[i];
      tokens[i] = tokens[size - 1 - i];
      tokens[size - 1 - i] = token;
    }
    return ranked;
  }

  private void sink(int start) {
    int parent = start;
    int token = tokens[parent];
    for (int child = 2 * parent + 1; child < unranked; child = 2 * parent + 1) {
      if (child + 1 < unranked && isHigher(tokens[child + 1], tokens[child])) {
        child++;
      }
      if (!isHigher(tokens[child], token)) {
        break;
      }
      tokens[parent] = tokens[child];
      parent = child;
    }
    tokens[parent] = token;
  }

  private boolean isHigher(int token, int other) {
    return logits[token] > logits[other] || (logits[token] == logits[other] && token < other);
  }
}
