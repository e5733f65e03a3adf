package ai.transonnx.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.transonnx.format.internal.JvmEnd;
import org.jspecify.annotations.Nullable;

/** The ONNX Runtime environment, of which a process has only one. */
final class NativeEnvironment {
  private static final Start START = start();

  private NativeEnvironment() {}

  /** The environment, or the reason why it could not be created; the JVM does not try again. */
  private record Start(@Nullable OrtEnvironment environment, @Nullable Throwable failure) {}

  /**
   * The environment. Every use of ONNX Runtime must call this first.
   *
   * @throws DeviceException if ONNX Runtime cannot be loaded, so that no device can be used
   * @throws ClosedException if that is because the JVM is ending
   */
  static OrtEnvironment get() {
    var environment = START.environment;
    if (environment == null) {
      if (JvmEnd.hasBegun()) {
        throw new ClosedException("the JVM is ending");
      }
      throw MissingLibrary.exception(START.failure);
    }
    return environment;
  }

  private static Start start() {
    try (var extraction = new MissingLibrary.Extraction()) {
      try {
        return new Start(OrtBootstrap.run(), null);
      } catch (RuntimeException | LinkageError e) {
        return new Start(null, extraction.failure().orElse(e));
      }
    }
  }
}
