package ai.transonnx.server.internal;

import ai.transonnx.runtime.text.Tokenizer;
import java.util.Optional;

/**
 * A text of a request.
 *
 * @param given the text; empty if its tokens were given
 * @param tokens one or more
 */
record Prompt(Optional<String> given, long[] tokens) {
  /**
   * The text.
   *
   * @throws ai.transonnx.runtime.RequestException if the tokenizer does not have a given token
   */
  String text(Tokenizer tokenizer) {
    return given.orElseGet(() -> tokenizer.decode(tokens));
  }
}
