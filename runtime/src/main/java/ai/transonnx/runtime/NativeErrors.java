package ai.transonnx.runtime;

import ai.onnxruntime.OrtException;

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
}
