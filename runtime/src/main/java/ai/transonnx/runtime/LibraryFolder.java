package ai.transonnx.runtime;

import ai.transonnx.format.internal.file.AdoptedFolder;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The temporary folder into which ONNX Runtime's Java classes unpack its libraries. They remove it
 * at the end of the JVM, except on Windows, after a crash, and when the process is killed.
 */
final class LibraryFolder {
  private static final String PREFIX = "onnxruntime-java";

  private static @Nullable AdoptedFolder adopted;

  private LibraryFolder() {}

  /** Marks this process's folder as in use, and removes those of processes that were killed. */
  static synchronized void adopt() {
    var folder = NativeInternals.libraryFolder();
    if (adopted == null && folder.isPresent()) {
      try {
        adopted = AdoptedFolder.of(folder.get(), PREFIX);
      } catch (IOException e) {
        // It stays if this process is killed.
      }
    }
  }

  /** Removes this process's folder; Windows keeps libraries in use. */
  static synchronized void remove() {
    adopt(); // It may be being filled.
    try {
      if (adopted != null) {
        adopted.remove();
      }
    } catch (IOException e) {
      // The next process removes it.
    }
  }
}
