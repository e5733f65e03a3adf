package ai.transonnx.runtime;

import ai.onnxruntime.OrtException;
import java.util.Locale;
import java.util.stream.Stream;

/** The runtime's messages, made fit for people. */
final class NativeErrors {
  private static final String MESSAGE = " - message: ";

  private NativeErrors() {}

  /** What {@code error} says, on one line, without the code that goes before it. */
  static String line(OrtException error) {
    String message = String.valueOf(error.getMessage());
    int start = message.indexOf(MESSAGE);
    String text = start < 0 ? message : message.substring(start + MESSAGE.length());
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }

  /** Whether {@code error} says that a run was stopped from outside. */
  static boolean isTermination(OrtException error) {
    return line(error).contains("terminate flag");
  }

  /** Whether {@code error} says that the device has no operator for some node's types. */
  static boolean isMissingKernel(OrtException error) {
    return line(error).contains("Could not find an implementation for");
  }

  /** Whether {@code error} says that memory could not be had, on any device. */
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
