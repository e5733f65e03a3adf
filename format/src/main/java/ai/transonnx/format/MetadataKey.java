package ai.transonnx.format;

import java.util.Locale;

/**
 * What a graph tells whoever runs it, beyond its signature: the keys of the file's metadata, whose
 * values are texts. {@code docs/running.md} explains each to other programs, and {@code
 * MetadataReader} reads those that loops go by; what a model does not say has no entry.
 */
public enum MetadataKey {
  /** The type of matrices; every model says it. */
  DTYPE,
  /**
   * How the library rounds the share of tokens that its filter keeps: {@code ceil} or {@code
   * floor}. Generation needs it of every model with logits of a next token.
   */
  TOP_K,
  /**
   * The most positions of a sequence; with state, of all calls together. Absent where any number
   * will do.
   */
  MAX_LENGTH,
  /** {@code true} where state lets a sequence be given in pieces; {@code GraphRequest} says it. */
  INCREMENTAL,
  /** {@code true} where rows of one call may stand at different positions, as their states say. */
  RAGGED,
  /** Slots of buffers before those of the positions that are fed. */
  RESERVED_SLOTS,
  /** Positions of a segment, where a call ends with its segment. */
  SEGMENT_LENGTH,
  /** Positions of a group, where a call that fills one changes all of a buffer. */
  GROUP_SIZE,
  /** How many positions one sees, where buffers are rings. */
  RING_WINDOW,
  /** The slots of such a ring. */
  RING_SLOTS,
  /** The window that a loop may set to go on beyond {@link #MAX_LENGTH}. */
  KEPT_WINDOW,
  /** The slots of the ring that it has then. */
  KEPT_SLOTS,
  /** Why no loop can go on beyond {@link #MAX_LENGTH} with its state. */
  FIXED_WINDOW;

  /** The key, behind the {@code transonnx.} that all of the file have. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
