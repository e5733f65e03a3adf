package ai.transonnx.runtime.embedding;

/** The rows and positions of a call that is being filled. For one thread. */
final class CallShape {
  /** The limit of a call with several rows; a single one may be longer. */
  private static final int MAX_POSITIONS = 1 << 12;

  /** Padding of this many positions takes no more time than another call. */
  private static final int FREE_PADDING = 64;

  private final int maxRows;
  private final boolean pads;
  private int rows;
  private int longest;
  private long tokens;

  /**
   * A call without rows.
   *
   * @param maxRows the maximum number of rows
   * @param pads whether rows of different lengths can share the call
   */
  CallShape(int maxRows, boolean pads) {
    this.maxRows = maxRows;
    this.pads = pads;
  }

  /**
   * Adds a row, unless the call would be too large then, or have too much padding: more than a
   * quarter of its positions.
   *
   * @param length the number of tokens of the row
   * @return whether it was added
   */
  boolean add(int length) {
    int width = Math.max(longest, length);
    long positions = (rows + 1L) * width;
    boolean fits =
        rows < maxRows
            && positions <= MAX_POSITIONS
            && (pads
                ? positions - tokens - length <= Math.max(FREE_PADDING, positions / 4)
                : length == longest);
    if (rows > 0 && !fits) {
      return false;
    }
    rows++;
    longest = width;
    tokens += length;
    return true;
  }
}
