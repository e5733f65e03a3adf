package ai.transonnx.server.internal;

import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.internal.RequestFields;
import ai.transonnx.runtime.sampling.Greedy;
import ai.transonnx.runtime.sampling.Sampling;
import ai.transonnx.runtime.sampling.TokenSelector;
import java.util.List;
import java.util.Optional;

/**
 * The body of {@code POST /v1/completions}.
 *
 * @param model the name of the model; empty if it was not given
 * @param prompts one or more
 * @param count the number of choices of each prompt
 * @param maxTokens the maximum number of new tokens of a choice
 * @param sampler how tokens are selected
 * @param stop the texts that end a choice
 * @param logprobs the number of most likely tokens that are reported for each token
 * @param echo whether a choice begins with its prompt
 * @param stream whether the text is sent as it is generated
 * @param includeUsage whether a stream ends with the number of tokens
 */
record CompletionRequest(
    Optional<String> model,
    List<Prompt> prompts,
    int count,
    int maxTokens,
    Sampler sampler,
    List<String> stop,
    Optional<Integer> logprobs,
    boolean echo,
    boolean stream,
    boolean includeUsage) {
  private static final int DEFAULT_MAX_TOKENS = 16;
  private static final int MAX_STOP_TEXTS = 16;
  private static final int MAX_LOGPROBS = 20;

  /** The parameters of sampling. */
  record Sampler(
      double temperature, double topP, Optional<Integer> topK, double minP, Optional<Long> seed) {
    /** The selector of a choice; each choice of a request has a seed of its own. */
    TokenSelector selector(int choice) {
      if (temperature == 0) {
        return new Greedy();
      }
      var sampling = Sampling.builder().temperature(temperature).unfiltered();
      topK.ifPresent(sampling::topK);
      if (topP < 1) {
        sampling.topP(topP);
      }
      if (minP > 0) {
        sampling.minP(minP);
      }
      seed.ifPresent(value -> sampling.seed(value + choice));
      return sampling.build();
    }
  }

  /**
   * Reads a body.
   *
   * @throws ApiException if it cannot be honoured
   */
  static CompletionRequest read(byte[] body, PromptReader prompts, CompletionLimits limits) {
    var fields = RequestFields.of(body, ApiException::invalid);
    var model = fields.text("model");
    var read = prompts.read("prompt", fields.node("prompt"), limits.choices());
    int count = fields.integer("n", 1, limits.choices()).orElse(1);
    if ((long) count * read.size() > limits.choices()) {
      throw ApiException.invalid(
          "n",
          "%s prompts with %s choices are more than %s choices"
              .formatted(read.size(), count, limits.choices()));
    }
    fields.only("best_of", count, "must be 'n': choices are not ranked");
    boolean stream = fields.flag("stream").orElse(false);
    var streamOptions = fields.object("stream_options");
    boolean includeUsage = streamOptions.flag("include_usage").orElse(false);
    streamOptions.flag("include_obfuscation");
    streamOptions.end();
    var logprobs = fields.integer("logprobs", 0, MAX_LOGPROBS);
    boolean echo = fields.flag("echo").orElse(false);
    if (echo && logprobs.isPresent()) {
      throw ApiException.invalid("logprobs", "'logprobs' of an echoed prompt are not computed");
    }
    var request =
        new CompletionRequest(
            model,
            read,
            count,
            fields
                .integer("max_tokens", 0, limits.newTokens())
                .orElse(Math.min(DEFAULT_MAX_TOKENS, limits.newTokens())),
            sampler(fields),
            stop(fields),
            logprobs,
            echo,
            stream,
            includeUsage);
    fields.only("presence_penalty", 0, "is not supported; only 0 is");
    fields.only("frequency_penalty", 0, "is not supported; only 0 is");
    fields.only("logit_bias", null, "is not supported");
    fields.only("suffix", null, "is not supported: text is only continued");
    fields.text("user");
    fields.end();
    return request;
  }

  private static Sampler sampler(RequestFields fields) {
    double temperature = fields.number("temperature", 0, 100).orElse(1.0);
    double topP = fields.number("top_p", 0, 1).orElse(1.0);
    if (topP == 0) {
      throw ApiException.invalid("top_p", "'top_p' is 0; set 'temperature' to 0 instead");
    }
    return new Sampler(
        temperature,
        topP,
        fields.integer("top_k", 1, Integer.MAX_VALUE),
        fields.number("min_p", 0, 1).orElse(0.0),
        fields.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE));
  }

  private static List<String> stop(RequestFields fields) {
    var texts = fields.texts("stop", 0, MAX_STOP_TEXTS);
    if (texts.contains("")) {
      throw ApiException.invalid("stop", "'stop' has an empty text");
    }
    return texts;
  }

  /** The number of choices of all prompts. */
  int choices() {
    return count * prompts.size();
  }

  /** The prompt of a choice. */
  Prompt prompt(int choice) {
    return prompts.get(choice / count);
  }

  /** The options of a choice's generation. */
  GenerationOptions options(int choice) {
    var options =
        GenerationOptions.builder(maxTokens).selector(sampler.selector(choice)).stopTexts(stop);
    logprobs.ifPresent(options::logProbabilities);
    try {
      return options.build();
    } catch (RequestException e) {
      throw ApiException.invalid(null, e.getMessage());
    }
  }

  /** The number of tokens of all prompts. */
  long promptTokens() {
    return prompts.stream().mapToLong(prompt -> prompt.tokens().length).sum();
  }
}
