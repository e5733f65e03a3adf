package ai.transonnx.runtime;

/** The behaviour of a loop whose context window ({@code max_length} positions) is full. */
public enum ContextOverflow {
  /**
   * Each call recomputes the last {@code max_length} positions from empty state, as the Python
   * libraries do, at the cost of a prompt of that length. Incremental models of
   * block-recurrent-transformer-pytorch have no window: as in the library, states and memories pass
   * from one segment to the next.
   */
  RECOMPUTE,

  /**
   * The window slides over the KV cache: a position attends to the {@code max_length} positions
   * before it, at the cost of one position. Cached keys still reflect evicted tokens, so results
   * differ from the library's. Possible for models with relative positions.
   */
  SLIDE
}
