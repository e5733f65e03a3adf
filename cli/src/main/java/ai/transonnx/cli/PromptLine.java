package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.config.ConfigException;
import ai.transonnx.internal.config.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A line of a file with prompts, such as {@code {"id": "q1", "prompt": "Once", "length": 20}}. It
 * has a text or tokens.
 *
 * @param id the user's name for the line, a text or a number
 * @param prompt the text to continue
 * @param tokens the tokens to continue
 * @param source the source of an encoder-decoder, as text
 * @param sourceTokens the source of an encoder-decoder, as tokens
 */
record PromptLine(
    Optional<JsonNode> id,
    Optional<String> prompt,
    Optional<List<Long>> tokens,
    Optional<String> source,
    Optional<List<Long>> sourceTokens,
    LineOptions options) {

  private static final List<String> NAMES = names();

  private static List<String> names() {
    var names = new ArrayList<>(List.of("id", "prompt", "tokens", "source", "source_tokens"));
    names.addAll(LineOptions.NAMES);
    return List.copyOf(names);
  }

  /**
   * Parses a line.
   *
   * @throws InputException if it is not JSON, or a field is unknown, missing or has a wrong type
   */
  static PromptLine parse(String line) {
    try {
      return of(new JsonFields(Json.parse(line), NAMES));
    } catch (ConfigException e) {
      throw new InputException(String.valueOf(e.getMessage()), e);
    }
  }

  private static PromptLine of(JsonFields fields) {
    var id = fields.field("id");
    if (id.isPresent() && !id.get().isTextual() && !id.get().isNumber()) {
      throw new InputException("'id' is neither a text nor a number");
    }
    var prompt = fields.text("prompt");
    var tokens = fields.tokens("tokens");
    if (prompt.isPresent() == tokens.isPresent()) {
      throw new InputException("one of 'prompt', a text, and 'tokens', a list, is needed");
    }
    var source = fields.text("source");
    var sourceTokens = fields.tokens("source_tokens");
    if (source.isPresent() && sourceTokens.isPresent()) {
      throw new InputException("'source' and 'source_tokens' exclude each other; remove one");
    }
    return new PromptLine(id, prompt, tokens, source, sourceTokens, LineOptions.of(fields));
  }
}
