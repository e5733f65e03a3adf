package ai.transonnx.cli;

/** Shows the server's lines about requests, with the time, by the settings of slf4j-simple. */
final class RequestLines {
  private static final String PREFIX = "org.slf4j.simpleLogger.";

  private RequestLines() {}

  /** Changes the settings; they are read when the first logger is created. */
  static void enable() {
    System.setProperty(PREFIX + "log.ai.transonnx.server", "info");
    System.setProperty(PREFIX + "showDateTime", "true");
    System.setProperty(PREFIX + "dateTimeFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
  }
}
