package com.example.batch;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The result of a line, as it is written.
 *
 * @param line the number of the line
 * @param tokens the number of its tokens; null if there is an error
 * @param bitsPerToken the mean score; a lower one is a better prediction
 * @param error the reason why the line has no score, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Result(
    long line, Integer tokens, @JsonProperty("bits_per_token") Double bitsPerToken, String error) {
  static Result of(Line line, int tokens, double bitsPerToken) {
    return new Result(line.number(), tokens, bitsPerToken, null);
  }

  static Result failed(Line line, String error) {
    return new Result(line.number(), null, null, error);
  }
}
