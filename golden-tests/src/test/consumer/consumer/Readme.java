package consumer;

/** The programs of the README. Each line of four slashes is replaced by its next Java block. */
final class Readme {
  private Readme() {}

  static void exportAndGenerate() {
    ////
  }
}
