package consumer;

/** The programs of the README. Each line of four slashes is replaced by its next Java block. */
final class Readme {
  private Readme() {}

  static void exportAndGenerate() {
    ////
  }

  static void continueTexts() {
    ////
  }

  static void serve() {
    ////
  }

  static void continueText() throws Exception {
    ////
  }

  static void listenAndSave() {
    ////
  }
}
