package ai.transonnx.djl.serving;

import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.internal.RequestFields;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * A request to generate: the schema of DJL Serving's handlers of language models, {@code {"inputs":
 * ..., "parameters": {...}}}, or that of OpenAI's completions, {@code {"prompt": ...}}.
 *
 * @param schema that of the request, which the response has as well
 * @param prompts one or more
 * @param isList whether they were an array
 * @param options those of each prompt's generation
 * @param stream whether the text is sent as it is generated
 * @param details whether the response has the tokens and the reason of the end
 * @param echo whether the text of the response begins with the prompt
 * @param model the model's name in the request
 */
record GenerationBody(
    Schema schema,
    List<String> prompts,
    boolean isList,
    GenerationOptions options,
    boolean stream,
    boolean details,
    boolean echo,
    Optional<String> model) {
  private static final int MAX_PROMPTS = 16;
  private static final int MAX_STOPS = 16;

  /** The schema of a request. */
  enum Schema {
    INPUTS(30, false),
    PROMPT(16, true);

    private final int length;
    private final boolean samples;

    Schema(int length, boolean samples) {
      this.length = length;
      this.samples = samples;
    }
  }

  /**
   * A text without parameters.
   *
   * @param arguments those of the model, for whatever the request does not specify
   */
  static GenerationBody ofText(String text, ServingArguments arguments) {
    var options =
        GenerationOptions.builder(arguments.length().orElse(Schema.INPUTS.length))
            .selector(arguments.sampler().selector(Schema.INPUTS.samples))
            .stopTokens(arguments.stopTokens())
            .stopTexts(arguments.stopTexts())
            .build();
    return new GenerationBody(
        Schema.INPUTS, List.of(text), false, options, false, false, false, Optional.empty());
  }

  /**
   * Reads a body.
   *
   * @throws RequestException if it cannot be honoured
   */
  static GenerationBody read(byte[] body, ServingArguments arguments) {
    var fields = RequestFields.of(body, (field, message) -> new RequestException(message));
    if (fields.has("messages")) {
      throw new RequestException(
          "'messages' are not supported, because the model's directory has no chat template that"
              + " can be applied; send the formatted conversation as 'inputs' or 'prompt'");
    }
    return fields.has("inputs") ? inputs(fields, arguments) : prompt(fields, arguments);
  }

  private static GenerationBody inputs(RequestFields fields, ServingArguments arguments) {
    var parameters = fields.object("parameters");
    var prompts = fields.texts("inputs", 1, MAX_PROMPTS);
    boolean isList = fields.node("inputs").isArray();
    boolean stream = fields.flag("stream").orElse(false);
    if (stream && isList) {
      throw new RequestException("'stream' needs a single text in 'inputs'");
    }
    boolean details = parameters.flag("details").orElse(false);
    var options = options(parameters, "max_new_tokens", Schema.INPUTS, arguments);
    if (stream || details) {
      options.logProbabilities(0);
    }
    var read =
        new GenerationBody(
            Schema.INPUTS,
            prompts,
            isList,
            options.build(),
            stream,
            details,
            parameters.flag("return_full_text").orElse(false),
            model(fields));
    parameters.only("repetition_penalty", 1, "is not supported; only 1 is");
    parameters.only("num_beams", 1, "is not supported; only 1 is");
    parameters.onlyFalse("decoder_input_details");
    parameters.end();
    fields.end();
    return read;
  }

  private static GenerationBody prompt(RequestFields fields, ServingArguments arguments) {
    var prompts = fields.texts("prompt", 1, MAX_PROMPTS);
    if (prompts.isEmpty()) {
      throw new RequestException("'inputs' or 'prompt' is missing");
    }
    var read =
        new GenerationBody(
            Schema.PROMPT,
            prompts,
            true,
            options(fields, "max_tokens", Schema.PROMPT, arguments).build(),
            fields.flag("stream").orElse(false),
            false,
            fields.flag("echo").orElse(false),
            model(fields));
    fields.text("user");
    fields.end();
    return read;
  }

  private static Optional<String> model(RequestFields fields) {
    return fields.text("model").or(() -> fields.text("model_name"));
  }

  /** The fields that both schemas have; some have two names. */
  private static GenerationOptions.Builder options(
      RequestFields fields, String length, Schema schema, ServingArguments arguments) {
    fields.only("n", 1, "is not supported; only 1 is");
    fields.only("best_of", 1, "is not supported; only 1 is");
    fields.only("presence_penalty", 0, "is not supported; only 0 is");
    fields.only("frequency_penalty", 0, "is not supported; only 0 is");
    var sampler = sampler(fields).or(arguments.sampler());
    var stopTokens = new HashSet<>(arguments.stopTokens());
    stopTokens.addAll(fields.tokens("stop_token_ids", MAX_STOPS));
    var stopTexts = new LinkedHashSet<>(arguments.stopTexts());
    stopTexts.addAll(fields.texts("stop", 1, MAX_STOPS));
    stopTexts.addAll(fields.texts("stop_sequences", 1, MAX_STOPS));
    return GenerationOptions.builder(length(fields, length, schema, arguments))
        .selector(sampler.selector(schema.samples))
        .stopTokens(stopTokens)
        .stopTexts(List.copyOf(stopTexts));
  }

  private static int length(
      RequestFields fields, String name, Schema schema, ServingArguments arguments) {
    var named = fields.integer(name, 0, arguments.maxTokens());
    var length =
        schema == Schema.INPUTS
            ? named.or(() -> fields.integer("max_tokens", 0, arguments.maxTokens()))
            : named;
    return length.or(arguments::length).orElse(Math.min(schema.length, arguments.maxTokens()));
  }

  private static Sampler sampler(RequestFields fields) {
    var topP = fields.number("top_p", 0, 1);
    if (topP.filter(p -> p == 0).isPresent()) {
      throw new RequestException("'top_p' is 0; set 'temperature' to 0 instead");
    }
    return new Sampler(
        fields.flag("do_sample"),
        fields.number("temperature", 0, 100),
        fields.integer("top_k", -1, Integer.MAX_VALUE).map(k -> Math.max(0, k)),
        topP,
        fields.number("min_p", 0, 1),
        fields.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE));
  }
}
