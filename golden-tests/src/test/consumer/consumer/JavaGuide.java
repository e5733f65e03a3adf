package consumer;

/** The programs of docs/java.md. Each line of four slashes is replaced by its next Java block. */
final class JavaGuide {
  private JavaGuide() {}

  static void exportAndGenerate() {
    ////
  }

  static void continueTexts() {
    ////
  }

  static void serve() {
    ////
  }

  static void listenAndSave() {
    ////
  }
}
