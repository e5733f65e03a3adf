package com.example.generation;

import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.sampling.Sampling;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /generate}.
 *
 * @param prompt the text to continue
 * @param length the maximum number of new tokens, 100 by default
 * @param temperature 1 by default; 0 selects the most likely token
 * @param seed the same seed draws the same tokens; random by default
 * @param stop texts that end the generation, and are not part of it
 */
record GenerateRequest(
    @Nullable String prompt,
    @Nullable Integer length,
    @Nullable Double temperature,
    @Nullable Long seed,
    @Nullable List<String> stop) {
  private static final int LENGTH = 100;
  private static final int MAX_STOPS = 16;

  /**
   * The prompt.
   *
   * @throws RequestException if it is missing or too long
   */
  String checkedPrompt(int maxCharacters) {
    if (prompt == null) {
      throw new RequestException("'prompt' is missing; it is the text to continue");
    }
    if (prompt.length() > maxCharacters) {
      throw new RequestException(
          "'prompt' has %s characters; at most %s are possible"
              .formatted(prompt.length(), maxCharacters));
    }
    return prompt;
  }

  /**
   * The other fields.
   *
   * @throws RequestException if one is out of range
   */
  GenerationOptions options(int maxTokens) {
    int tokens = length == null ? Math.min(LENGTH, maxTokens) : length;
    if (tokens < 1 || tokens > maxTokens) {
      throw new RequestException(
          "'length' is %s; 1 to %s are possible".formatted(tokens, maxTokens));
    }
    var options = GenerationOptions.builder(tokens).stopTexts(stopTexts());
    return temperature != null && temperature == 0
        ? options.greedy().build()
        : options.selector(sampling()).build();
  }

  private List<String> stopTexts() {
    if (stop == null) {
      return List.of();
    }
    if (stop.size() > MAX_STOPS || stop.contains(null)) {
      throw new RequestException("'stop' is not an array of up to %s texts".formatted(MAX_STOPS));
    }
    return stop;
  }

  private Sampling sampling() {
    var sampling = Sampling.builder();
    if (temperature != null) {
      sampling.temperature(temperature);
    }
    if (seed != null) {
      sampling.seed(seed);
    }
    return sampling.build();
  }
}
