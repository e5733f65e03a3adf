package ai.transonnx.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Members of ONNX Runtime's Java classes that have no public access. Where they are missing or
 * inaccessible, nothing is done.
 */
final class NativeInternals {
  private static final String LIBRARY = "ai.onnxruntime.OnnxRuntime";
  private static final int ATTEMPTS = 10;

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

  /** Removes the folder of unpacked libraries; Windows keeps those in use. */
  static void removeLibraries() {
    try {
      if (field("tempDirectory") instanceof Path folder) {
        remove(folder);
      }
    } catch (ReflectiveOperationException | RuntimeException | IOException e) {
      // It stays.
    }
  }

  /** Repeats because a library may be being unpacked. */
  private static void remove(Path folder) throws IOException {
    for (int i = 0; i < ATTEMPTS && Files.isDirectory(folder); i++) {
      try (var files = Files.newDirectoryStream(folder)) {
        for (var file : files) {
          Files.deleteIfExists(file);
        }
        Files.deleteIfExists(folder);
      } catch (DirectoryNotEmptyException e) {
        // A file has been added: once more.
      }
    }
  }

  private static @Nullable Object field(String name) throws ReflectiveOperationException {
    var type = Class.forName(LIBRARY, false, OrtEnvironment.class.getClassLoader());
    var field = type.getDeclaredField(name);
    field.setAccessible(true);
    return field.get(null);
  }
}
