package ai.transonnx.cli;

import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.GenerationRequest;
import ai.transonnx.runtime.sampling.TokenSelector;
import ai.transonnx.runtime.text.Tokenizer;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Requests for the lines of a file, in which the options of the command are the defaults. */
final class LineRequests implements PromptFile.Requests, AutoCloseable {
  /** The options of the command. */
  record Defaults(
      int length,
      SamplingOptions sampling,
      StopOptions stop,
      ContextOverflowOption overflow,
      AdditionalInputs additional,
      TokenizerOptions tokenizers) {}

  private final OnnxModel model;
  private final ContrastiveOptions.Loaded amateur;
  private final Defaults defaults;
  private final TokenSelector selector;
  private final @Nullable Tokenizer tokenizer;

  /**
   * Opens the model's tokenizer, if it has one.
   *
   * @param selector that of lines without options of sampling
   * @throws ai.transonnx.TransonnxException if the tokenizer cannot be opened
   */
  LineRequests(
      OnnxModel model,
      ContrastiveOptions.Loaded amateur,
      Defaults defaults,
      TokenSelector selector) {
    this.model = model;
    this.amateur = amateur;
    this.defaults = defaults;
    this.selector = selector;
    this.tokenizer = defaults.tokenizers.find(model).orElse(null);
  }

  @Override
  public boolean hasText() {
    return tokenizer != null;
  }

  @Override
  public GenerationRequest request(
      long[][] prompts, GenerationOptions options, Map<String, Tensor> inputs) {
    var request = GenerationRequest.builder(prompts, options).inputs(inputs);
    if (tokenizer != null) {
      request.tokenizer(tokenizer);
    }
    return amateur.addTo(request).build();
  }

  @Override
  public long[] encode(String prompt) {
    if (tokenizer == null) {
      throw new RequestException(
          "a text needs a tokenizer, which the model was exported without; name one (--tokenizer)");
    }
    return defaults.tokenizers.encode(tokenizer, prompt);
  }

  @Override
  public GenerationOptions options(LineOptions line) {
    var options =
        GenerationOptions.builder(line.length().orElse(defaults.length))
            .selector(selector(line.sampling()))
            .stopTexts(line.stops().orElse(defaults.stop.texts()))
            .stopTokens(line.stopTokens().orElse(defaults.stop.tokens()))
            .contextOverflow(defaults.overflow.contextOverflow());
    defaults.sampling.addBeams(options);
    return options.build();
  }

  private TokenSelector selector(LineOptions.Sampling line) {
    return line.isDefault() ? selector : defaults.sampling.with(line, selector.seed()).selector();
  }

  @Override
  public Map<String, Tensor> inputs(Optional<long[]> source) {
    return defaults.additional.of(
        model, source.or(() -> defaults.additional.source().map(this::encode)), 1);
  }

  @Override
  public Optional<String> note(int length) {
    return defaults.overflow.promptNote(model, length);
  }

  @Override
  public void close() {
    if (tokenizer != null) {
      tokenizer.close();
    }
  }
}
