package com.example.generation;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code transonnx.*}.
 *
 * @param model the model's file
 * @param tokenizer a {@code tokenizer.json}; null for the tokenizer that the model was exported
 *     with, or bytes
 * @param timeout the longest time of a request, waiting included
 * @param maxTokens the maximum number of new tokens of a request
 * @param maxPromptCharacters the maximum length of a prompt
 * @param maxRows the maximum number of requests that share decode steps
 * @param maxWaiting the maximum number of further requests, which wait
 */
@ConfigurationProperties("transonnx")
record TransonnxProperties(
    Path model,
    @Nullable Path tokenizer,
    @DefaultValue("60s") Duration timeout,
    @DefaultValue("1000") int maxTokens,
    @DefaultValue("100000") int maxPromptCharacters,
    @DefaultValue("32") int maxRows,
    @DefaultValue("1000") int maxWaiting) {
  TransonnxProperties {
    if (model == null) {
      throw new IllegalArgumentException("transonnx.model is not set; it names the model's file");
    }
  }
}
