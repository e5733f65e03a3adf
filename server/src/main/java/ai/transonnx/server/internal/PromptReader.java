package ai.transonnx.server.internal;

import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.TokenVocabulary;
import ai.transonnx.runtime.text.Tokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads texts and tokens of requests: one, or several in an array. Threads may share it. */
public final class PromptReader {
  private final Tokenizer tokenizer;
  private final boolean special;
  private final TokenVocabulary vocabulary;
  private final int maxTokens;

  /**
   * A reader.
   *
   * @param special whether the tokenizer adds its special tokens
   * @param maxTokens the maximum number of tokens of a prompt
   */
  public PromptReader(
      Tokenizer tokenizer, boolean special, TokenVocabulary vocabulary, int maxTokens) {
    this.tokenizer = tokenizer;
    this.special = special;
    this.vocabulary = vocabulary;
    this.maxTokens = maxTokens;
  }

  /**
   * Reads a string, an array of strings, an array of tokens, or an array of such arrays.
   *
   * @param most the maximum number of prompts
   * @throws ApiException if it is something else
   */
  List<Prompt> read(String field, JsonNode node, int most) {
    if (node.isMissingNode()) {
      throw ApiException.invalid(field, "'%s' is missing".formatted(field));
    }
    var prompts = new ArrayList<Prompt>();
    boolean isOne = node.isTextual() || (node.isArray() && node.path(0).isNumber());
    if (isOne) {
      prompts.add(one(field, node));
    } else if (node.isArray() && !node.isEmpty()) {
      if (node.size() > most) {
        throw ApiException.invalid(
            field,
            "'%s' has %s elements; at most %s are possible".formatted(field, node.size(), most));
      }
      for (int i = 0; i < node.size(); i++) {
        prompts.add(one("%s[%s]".formatted(field, i), node.get(i)));
      }
    } else {
      throw ApiException.invalid(
          field, "'%s' is neither a string nor an array of strings or tokens".formatted(field));
    }
    return prompts;
  }

  private Prompt one(String field, JsonNode node) {
    var prompt = node.isTextual() ? text(field, node.textValue()) : tokens(field, node);
    int length = prompt.tokens().length;
    if (length == 0) {
      throw ApiException.invalid(field, "'%s' is empty; a token is needed".formatted(field));
    }
    if (length > maxTokens) {
      throw ApiException.contextLength(
          field, "'%s' has %s tokens; at most %s are possible".formatted(field, length, maxTokens));
    }
    return prompt;
  }

  private Prompt text(String field, String text) {
    try {
      return new Prompt(
          Optional.of(text),
          special ? tokenizer.encodeWithSpecialTokens(text) : tokenizer.encode(text));
    } catch (RequestException e) {
      throw ApiException.invalid(field, "'%s': %s".formatted(field, e.getMessage()));
    }
  }

  private Prompt tokens(String field, JsonNode node) {
    if (!node.isArray()) {
      throw ApiException.invalid(
          field, "'%s' is neither a string nor an array of tokens".formatted(field));
    }
    long[] tokens = new long[node.size()];
    for (int i = 0; i < tokens.length; i++) {
      var token = node.get(i);
      boolean isToken =
          token.isIntegralNumber()
              && token.canConvertToLong()
              && vocabulary.contains(token.longValue());
      if (!isToken) {
        throw ApiException.invalid(field, "'%s[%s]' is not a token".formatted(field, i));
      }
      tokens[i] = token.longValue();
    }
    return new Prompt(Optional.empty(), tokens);
  }
}
