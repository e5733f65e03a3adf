package ai.transonnx.runtime;

import ai.transonnx.format.internal.file.FileErrors;
import java.util.Optional;
import java.util.logging.Filter;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Explains why ONNX Runtime's native library cannot be loaded, and how to solve it. */
final class MissingLibrary {
  private MissingLibrary() {}

  static DeviceException exception(@Nullable Throwable failure) {
    if (failure instanceof DeviceException refusal) {
      return new DeviceException(refusal.getMessage(), refusal);
    }
    return new DeviceException(
        ("ONNX Runtime cannot be loaded: %s; its library is unpacked into %s, which needs free"
                + " space and must allow execution; -Djava.io.tmpdir=FOLDER sets another folder")
            .formatted(reason(failure), System.getProperty("java.io.tmpdir")),
        failure);
  }

  private static String reason(@Nullable Throwable failure) {
    var root = failure;
    while (root != null && root.getCause() != null) {
      root = root.getCause();
    }
    var reason = root == null ? null : FileErrors.reason(root, "no such folder");
    return reason == null ? String.valueOf(root) : reason;
  }

  /**
   * Captures the exception that ONNX Runtime's Java classes log when they cannot unpack the
   * library. The one that they throw afterwards has another reason: the library is not installed.
   */
  static final class Extraction implements AutoCloseable {
    private final Logger logger = Logger.getLogger("ai.onnxruntime.OnnxRuntime");
    private final @Nullable Filter filter = logger.getFilter();
    private @Nullable Throwable failure;

    Extraction() {
      logger.setFilter(
          entry -> {
            if (entry.getThrown() == null) {
              return filter == null || filter.isLoggable(entry);
            }
            failure = entry.getThrown();
            return false;
          });
    }

    Optional<Throwable> failure() {
      return Optional.ofNullable(failure);
    }

    @Override
    public void close() {
      logger.setFilter(filter);
    }
  }
}
