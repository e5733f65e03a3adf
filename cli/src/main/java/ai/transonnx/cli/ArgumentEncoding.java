package ai.transonnx.cli;

import ai.transonnx.InputException;

/**
 * The encoding in which arguments are read.
 *
 * @param name as Java names it
 */
record ArgumentEncoding(String name) {
  private static final String UTF_8 = "UTF-8";
  private static final String REPLACEMENT = "\uFFFD";

  /** The locale's, in which the JVM has read them. */
  static ArgumentEncoding ofLocale() {
    return new ArgumentEncoding(System.getProperty("sun.jnu.encoding", UTF_8));
  }

  /**
   * Checks that no character was lost on the way: a prompt or a file's name would be another.
   *
   * @throws InputException if the encoding could not read an argument
   */
  void check(String... args) {
    if (name.equals(UTF_8)) {
      return; // a replacement character is what was typed
    }
    for (var arg : args) {
      if (arg.contains(REPLACEMENT)) {
        throw new InputException(
            "'%s' has characters that the locale's encoding, %s, cannot read; set LC_ALL to a UTF-8 locale, such as C.UTF-8"
                .formatted(arg, name));
      }
    }
  }
}
