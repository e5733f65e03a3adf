package ai.transonnx.internal.xtransformers;

/** The effect of a padding mask of the sequence on attention, beside masking keys. Immutable. */
public enum PaddingRule {
  /** All keys of padding queries are masked, so that these attend to all positions equally. */
  MASKS_QUERIES,
  /** Outputs at padding positions are zero; a context without a mask gets that of the sequence. */
  ZEROES_OUTPUTS_MASKS_CONTEXT,
  /** Outputs at padding positions are zero. */
  ZEROES_OUTPUTS;

  boolean masksQueries() {
    return this == MASKS_QUERIES;
  }

  boolean masksContext() {
    return this == ZEROES_OUTPUTS_MASKS_CONTEXT;
  }
}
