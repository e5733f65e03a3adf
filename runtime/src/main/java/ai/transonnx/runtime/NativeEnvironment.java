package ai.transonnx.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import ai.transonnx.runtime.spi.EnvironmentSetup;
import java.util.ServiceLoader;
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
        return new Made(create(), null);
      } catch (RuntimeException | LinkageError e) {
        return new Made(null, extraction.failure().orElse(e));
      }
    }
  }

  /** An environment that logs nothing: what goes wrong is in the exceptions. */
  private static OrtEnvironment create() {
    var setups =
        ServiceLoader.load(EnvironmentSetup.class, EnvironmentSetup.class.getClassLoader());
    boolean made = false;
    for (var setup : setups) {
      setup.prepare();
      made = true;
    }
    return made
        ? OrtEnvironment.getEnvironment()
        : OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "transonnx");
  }
}
