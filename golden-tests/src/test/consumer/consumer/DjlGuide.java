package consumer;

/** The programs of docs/djl.md. Each line of four slashes is replaced by its next Java block. */
final class DjlGuide {
  private DjlGuide() {}

  static void continueText() throws Exception {
    ////
  }
}
