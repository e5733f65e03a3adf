package ai.transonnx.runtime;

/** What a loop does when it has seen as many positions as its model was made for. */
public enum ContextOverflow {
  /**
   * The last of them are computed anew with each that comes, as the Python libraries do: each call
   * costs what a prompt of this length costs. Only block-recurrent-transformer-pytorch passes
   * states and memories on from window to window, as an incremental model does, which has no window
   * here.
   */
  RECOMPUTE,

  /**
   * It goes on at the cost of one position, and each position sees as many before it. Since those
   * have seen others before them, which are forgotten, the outcome is not the libraries'. Possible
   * where positions are relative.
   */
  SLIDE
}
