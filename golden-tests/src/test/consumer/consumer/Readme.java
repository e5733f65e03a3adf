package consumer;

/** The programs of the document. A line of four slashes stands for its next block of Java. */
final class Readme {
  private Readme() {}

  static void exportAndGenerate() {
    ////
  }

  static void serve() {
    ////
  }

  static void continueText() throws Exception {
    ////
  }
}
