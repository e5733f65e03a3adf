package ai.transonnx.internal.xtransformers;

import java.util.Set;

/** The optional inputs of a wrapper beside those of its layers. Immutable. */
public record WrapperInputs(Set<Name> names) {
  /** An optional input. */
  public enum Name {
    POS,
    PREPEND_EMBEDS,
    /** A mask of prepended embeddings; without it, {@code mask} also covers these. */
    PREPEND_MASK,
    SUM_EMBEDS,
    /** The number of padding positions before a sequence. */
    SEQ_START_POS
  }

  public WrapperInputs {
    names = Set.copyOf(names);
  }

  boolean has(Name name) {
    return names.contains(name);
  }
}
