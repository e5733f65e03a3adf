package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * The subclasses of {@code AttentionLayers}.
 *
 * <p>Immutable; threads may share it.
 */
public enum StackKind {
  ENCODER("Encoder"),
  DECODER("Decoder"),
  PREFIX_DECODER("PrefixDecoder"),
  CROSS_ATTENDER("CrossAttender"),
  TRANSFORMER_BLOCK("TransformerBlock");

  private final String className;

  StackKind(String className) {
    this.className = className;
  }

  /**
   * Checks that options whose values the class fixes are not set.
   *
   * @throws ConfigException if one is set
   */
  public void check(
      @Nullable Boolean causal, @Nullable Boolean crossAttend, @Nullable Boolean onlyCross) {
    if (this != CROSS_ATTENDER && this != TRANSFORMER_BLOCK && causal != null) {
      throw new ConfigException(
          "'causal' is %s; it cannot be set, since the class %s fixes its value"
              .formatted(causal, this));
    }
    if (this == CROSS_ATTENDER && (crossAttend != null || onlyCross != null)) {
      throw new ConfigException(
          "'cross_attend' and 'only_cross' cannot be set: a CrossAttender always attends to its"
              + " context only");
    }
  }

  /** The class's name in the library. */
  @Override
  public String toString() {
    return className;
  }
}
