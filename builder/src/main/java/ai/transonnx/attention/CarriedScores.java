package ai.transonnx.attention;

/** The scores that are added to those of the next layer: residual attention. Immutable. */
public enum CarriedScores {
  /** The scores before all transforms. */
  PLAIN,
  /** The scores with the position bias, but not masked. */
  BIASED,
  /** The scores that attention weights are computed from. */
  MASKED
}
