package ai.transonnx.runtime.sampling;

/**
 * Sorts tokens by logit, highest first, and by token if logits are equal. It sorts in place, with a
 * heap, and only as far as requested: the first m of V tokens take O(V + m log V).
 */
final class Ranking {
  private final int[] tokens;
  private final float[] logits;
  private final int size;
  private int unsorted;

  /**
   * @param tokens the first {@code size} are sorted, in place
   * @param logits the logit of each token of the vocabulary
   */
  Ranking(int[] tokens, float[] logits, int size) {
    this.tokens = tokens;
    this.logits = logits;
    this.size = size;
    this.unsorted = size;
    for (int parent = size / 2 - 1; parent >= 0; parent--) {
      sink(parent);
    }
  }

  boolean hasNext() {
    return unsorted > 0;
  }

  /** The next token in order. */
  int next() {
    int token = tokens[0];
    unsorted--;
    tokens[0] = tokens[unsorted];
    tokens[unsorted] = token; // After the heap, so sorted tokens are in reverse order.
    sink(0);
    return token;
  }

  /** Moves the tokens sorted so far to the front of the array, in order; returns their number. */
  int toFront() {
    int sorted = size - unsorted;
    for (int i = 0; i < Math.min(sorted, size / 2); i++) {
      int token = tokens[i];
      tokens[i] = tokens[size - 1 - i];
      tokens[size - 1 - i] = token;
    }
    return sorted;
  }

  private void sink(int start) {
    int parent = start;
    int token = tokens[parent];
    for (int child = 2 * parent + 1; child < unsorted; child = 2 * parent + 1) {
      if (child + 1 < unsorted && isHigher(tokens[child + 1], tokens[child])) {
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
