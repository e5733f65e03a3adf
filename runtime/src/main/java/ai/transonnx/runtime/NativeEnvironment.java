package ai.transonnx.runtime;

import ai.onnxruntime.OrtEnvironment;
import org.jspecify.annotations.Nullable;

/** The process's ONNX Runtime environment; there is only one, whoever makes it. */
final class NativeEnvironment {
  private static final Made MADE = make();

  private NativeEnvironment() {}

  /** The environment, or why there is none: the JVM tries to load a library but once. */
  private record Made(@Nullable OrtEnvironment environment, @Nullable Throwable failure) {}

  /**
   * The environment. What else uses the runtime comes after it.
   *
   * @throws DeviceException if the runtime cannot be loaded, and so no device be used
   */
  static OrtEnvironment get() {
    var environment = MADE.environment;
    if (environment == null) {
      throw MissingLibrary.exception(MADE.failure);
    }
    return environment;
  }

  private static Made make() {
    try (var extraction = new MissingLibrary.Extraction()) {
      try {
        return new Made(OrtBootstrap.run(), null);
      } catch (RuntimeException | LinkageError e) {
        return new Made(null, extraction.failure().orElse(e));
      }
    }
  }
}
