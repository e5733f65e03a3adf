package ai.transonnx.runtime.quality;

import ai.transonnx.runtime.RequestException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Sequences of tokens, cut into windows. Immutable. */
final class TokenWindows {
  private final List<Window> windows = new ArrayList<>();
  private int positions;
  private int longest;

  /**
   * The positions of a sequence that are computed in one context.
   *
   * @param sequence the index of the sequence
   * @param all the tokens of the sequence
   * @param start the first position in the sequence
   * @param end the position after the last
   * @param isPredicted whether each position predicts the token after it
   */
  record Window(int sequence, long[] all, int start, int end, boolean isPredicted) {
    /** The tokens at the positions. */
    long[] tokens() {
      return Arrays.copyOfRange(all, start, end);
    }

    /** The token after a position of the window. */
    int next(int position) {
      return Math.toIntExact(all[start + position + 1]);
    }
  }

  /**
   * Cuts sequences.
   *
   * @param sequences each 2 or more tokens
   * @param context the maximum number of positions of a window
   * @param isPredicted whether a position predicts the next token; the last token of a sequence is
   *     then no position
   * @param required the number of positions that each window must have; 1 if any number is
   *     possible. Positions that are left over are not compared
   * @throws RequestException if no sequence has as many
   */
  TokenWindows(long[][] sequences, int context, boolean isPredicted, int required) {
    for (int i = 0; i < sequences.length; i++) {
      var tokens = sequences[i];
      int length = isPredicted ? tokens.length - 1 : tokens.length;
      for (int start = 0; start < length; start += context) {
        int end = Math.min(start + context, length);
        if (end - start >= required) {
          windows.add(new Window(i, tokens, start, end, isPredicted));
          positions += end - start;
          longest = Math.max(longest, end - start);
        }
      }
    }
    if (windows.isEmpty()) {
      throw new RequestException(
          "no sequence has %s tokens, the fixed length of a call".formatted(required));
    }
  }

  List<Window> all() {
    return windows;
  }

  /** The number of positions of all windows. */
  int positions() {
    return positions;
  }

  /** The number of positions of the longest window. */
  int longest() {
    return longest;
  }
}
