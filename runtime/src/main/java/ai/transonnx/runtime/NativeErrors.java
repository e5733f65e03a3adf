package ai.transonnx.runtime;

import ai.onnxruntime.OrtException;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Messages and kinds of ONNX Runtime's errors. */
final class NativeErrors {
  private static final String MESSAGE = " - message: ";

  /** A line of ONNX Runtime's sources, and the signature of the C++ function that it is in. */
  private static final Pattern SOURCE =
      Pattern.compile(
          "/onnxruntime_src/[^\\s:]{1,200}:\\d{1,6} [^()]{0,300}\\([^()]{0,1000}\\)(?: const)? ?");

  private NativeErrors() {}

  /**
   * The message of {@code error} on one line, without the error code before it and the function of
   * ONNX Runtime that reports it.
   */
  static String line(OrtException error) {
    String message = String.valueOf(error.getMessage());
    int start = message.indexOf(MESSAGE);
    String text = start < 0 ? message : message.substring(start + MESSAGE.length());
    String line = text.strip().replaceAll("\\s*\\R\\s*", " ");
    return SOURCE.matcher(line).replaceAll("");
  }

  /** Whether a run was terminated by its options. */
  static boolean isTermination(OrtException error) {
    return line(error).contains("terminate flag");
  }

  /** Whether the device has no kernel for the types of a node. */
  static boolean isMissingKernel(OrtException error) {
    return line(error).contains("Could not find an implementation for");
  }

  /** Whether an allocation failed, on any device. */
  static boolean isMemory(OrtException error) {
    String line = line(error).toLowerCase(Locale.ROOT);
    return Stream.of(
            "failed to allocate memory",
            "bad_alloc",
            "bad allocation",
            "out of memory",
            "available memory of",
            "alloc_failed")
        .anyMatch(line::contains);
  }
}
