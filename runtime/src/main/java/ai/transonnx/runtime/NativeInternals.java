package ai.transonnx.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Members of ONNX Runtime's Java classes that have no public access. Where they are missing or
 * inaccessible, nothing is done.
 */
final class NativeInternals {
  private static final String LIBRARY = "ai.onnxruntime.OnnxRuntime";

  private NativeInternals() {}

  /**
   * Takes a second reference to the environment, which counts them. ONNX Runtime's own shutdown
   * hook releases the first one, without waiting for loads and runs.
   */
  static void keepEnvironment() {
    try {
      var create =
          OrtEnvironment.class.getDeclaredMethod(
              "createHandle", long.class, int.class, String.class);
      create.setAccessible(true);
      int level = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL.getValue();
      create.invoke(null, field("ortApiHandle"), level, "transonnx");
    } catch (ReflectiveOperationException | RuntimeException e) {
      // The JVM may crash if it ends during a load.
    }
  }

  /** The folder of unpacked libraries, if it exists. */
  static Optional<Path> libraryFolder() {
    try {
      return Optional.ofNullable((Path) field("tempDirectory")).filter(Files::isDirectory);
    } catch (ReflectiveOperationException | RuntimeException e) {
      return Optional.empty();
    }
  }

  private static @Nullable Object field(String name) throws ReflectiveOperationException {
    var type = Class.forName(LIBRARY, false, OrtEnvironment.class.getClassLoader());
    var field = type.getDeclaredField(name);
    field.setAccessible(true);
    return field.get(null);
  }
}
