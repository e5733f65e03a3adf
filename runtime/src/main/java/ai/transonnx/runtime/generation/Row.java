package ai.transonnx.runtime.generation;

import java.util.Arrays;

/** One row while it is generated. */
final class Row {
  private long[] tokens = new long[16];
  private int length;
  private boolean stopped;

  /** Appends a token; {@code stops} if it is the row's last. */
  void append(long token, boolean stops) {
    if (length == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * length);
    }
    tokens[length++] = token;
    stopped = stops;
  }

  /** Whether the last token is a stop token. */
  boolean isStopped() {
    return stopped;
  }

  long last() {
    return tokens[length - 1];
  }

  long[] tokens() {
    return Arrays.copyOf(tokens, length);
  }
}
