package ai.transonnx.cli;

import ai.transonnx.InputException;

/**
 * The character encoding of the arguments.
 *
 * @param name its name in Java
 */
record ArgumentEncoding(String name) {
  private static final String UTF_8 = "UTF-8";
  private static final String REPLACEMENT = "\uFFFD";

  /** The encoding of the locale, with which the JVM decoded the arguments. */
  static ArgumentEncoding ofLocale() {
    return new ArgumentEncoding(System.getProperty("sun.jnu.encoding", UTF_8));
  }

  /**
   * Checks that no character was lost, which would change a prompt or a file name.
   *
   * @throws InputException if the encoding could not decode an argument
   */
  void check(String... args) {
    if (name.equals(UTF_8)) {
      return; // the user typed any replacement character
    }
    for (var arg : args) {
      if (arg.contains(REPLACEMENT)) {
        throw new InputException(
            "'%s' has characters that the locale's encoding, %s, cannot represent; set LC_ALL to a UTF-8 locale, such as C.UTF-8"
                .formatted(arg, name));
      }
    }
  }
}
