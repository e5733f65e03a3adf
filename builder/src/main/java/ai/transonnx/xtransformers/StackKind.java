package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** The classes that a stack of layers is configured by. */
public enum StackKind {
  ENCODER("Encoder"),
  DECODER("Decoder"),
  CROSS_ATTENDER("CrossAttender");

  private final String className;

  StackKind(String className) {
    this.className = className;
  }

  /**
   * Checks that what the class decides is not given.
   *
   * @throws ConfigException if it is
   */
  public void check(
      @Nullable Boolean causal, @Nullable Boolean crossAttend, @Nullable Boolean onlyCross) {
    if (this != CROSS_ATTENDER && causal != null) {
      throw new ConfigException(
          "'causal' is %s; it cannot be set, since the class %s decides it"
              .formatted(causal, this));
    }
    if (this == CROSS_ATTENDER && (crossAttend != null || onlyCross != null)) {
      throw new ConfigException(
          "'cross_attend' and 'only_cross' cannot be set: a CrossAttender attends to its context alone");
    }
  }

  /** The class's name in the library. */
  @Override
  public String toString() {
    return className;
  }
}
