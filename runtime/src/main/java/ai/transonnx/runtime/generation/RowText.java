package ai.transonnx.runtime.generation;

import ai.transonnx.runtime.text.TextDecoder;
import java.util.List;

/** The text of one row while it is generated. For one thread. */
final class RowText {
  private final TextDecoder decoder;
  private final StopTexts stops;
  private final StringBuilder released = new StringBuilder();
  private boolean ended;

  /**
   * A row without text.
   *
   * @param stops the texts at which the row ends
   */
  RowText(TextDecoder decoder, List<String> stops) {
    this.decoder = decoder;
    this.stops = new StopTexts(stops);
  }

  /** Adds a token. Returns the text that it makes certain. */
  String accept(long token) {
    return release(stops.accept(decoder.accept(token)));
  }

  /** Whether a stop text has occurred. */
  boolean isStopped() {
    return stops.found();
  }

  /** Ends the text. Returns the part that was withheld; empty if it has ended before. */
  String end() {
    if (ended) {
      return "";
    }
    ended = true;
    String last = stops.found() ? "" : stops.accept(decoder.finish());
    return release(stops.found() ? last : last + stops.rest());
  }

  private String release(String text) {
    released.append(text);
    return text;
  }

  /** All text so far. */
  @Override
  public String toString() {
    return released.toString();
  }
}
