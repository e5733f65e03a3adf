package ai.transonnx.runtime;

import java.util.Optional;
import java.util.logging.Filter;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Why ONNX Runtime's own library cannot be loaded, in words that say what to do. */
final class MissingLibrary {
  private MissingLibrary() {}

  static DeviceException exception(@Nullable Throwable failure) {
    if (failure instanceof DeviceException refusal) {
      return new DeviceException(refusal.getMessage(), refusal);
    }
    return new DeviceException(
        ("ONNX Runtime cannot be loaded: %s; its library is unpacked into %s, where there must be"
                + " room and code may run; -Djava.io.tmpdir=FOLDER names another folder")
            .formatted(reason(failure), System.getProperty("java.io.tmpdir")),
        failure);
  }

  private static String reason(@Nullable Throwable failure) {
    var root = failure;
    while (root != null && root.getCause() != null) {
      root = root.getCause();
    }
    var reason = root == null ? null : FileErrors.reason(root, "there is no such folder");
    return reason == null ? String.valueOf(root) : reason;
  }

  /**
   * Keeps what ONNX Runtime's Java classes log where they cannot unpack the library, instead of
   * throwing it: what they throw afterwards is that nobody else has it either.
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
