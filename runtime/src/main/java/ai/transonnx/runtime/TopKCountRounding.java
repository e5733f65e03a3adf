package ai.transonnx.runtime;

/** How a library rounds the number of tokens that its fractional top-k filter keeps. */
public enum TopKCountRounding {
  /** {@code int((1 - threshold) * V)}: token-shift-gpt and FLASH. */
  FLOOR,
  /** {@code ceil((1 - threshold) * V)}: x-transformers and block-recurrent. */
  CEIL;

  /**
   * The number of tokens kept of a vocabulary: at least 1, at most all. The product is computed in
   * doubles, as in Python, so {@code FLOOR.keep(0.9, 50)} is 4, not 5.
   *
   * @param threshold the share of tokens that is dropped, from 0 to 1
   */
  public int keep(double threshold, int vocabulary) {
    double share = (1 - threshold) * vocabulary;
    double rounded =
        switch (this) {
          case FLOOR -> Math.floor(share);
          case CEIL -> Math.ceil(share);
        };
    return (int) Math.min(Math.max(rounded, 1), vocabulary);
  }
}
