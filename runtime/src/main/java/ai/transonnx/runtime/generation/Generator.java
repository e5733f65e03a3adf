package ai.transonnx.runtime.generation;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.CancelledException;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.TokenVocabulary;
import ai.transonnx.runtime.TopKCountRounding;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Continues prompts with a causal language model or an encoder-decoder, one token per step, as
 * {@code generate} of the Python libraries' wrappers does. Each step sees the last {@code
 * max_length} tokens, unless {@link GenerationOptions#contextOverflow} is SLIDE or the model passes
 * its memory from segment to segment. An incremental block-recurrent model passes its state from
 * window to window, as its library does. Threads may share a generator.
 *
 * <pre>{@code
 * var generator = Generator.of(model);
 * var options = GenerationOptions.builder(20).greedy().build();
 * long[] tokens = generator.generate(new long[] {72, 105}, options).tokens(0);
 * generator.generate(new long[] {}, options); // RequestException: prompt 0 is empty
 * }</pre>
 */
public final class Generator {
  private final OnnxModel model;

  private Generator(OnnxModel model) {
    this.model = model;
  }

  /** A generator that uses a loaded model, which stays open. */
  public static Generator of(OnnxModel model) {
    return new Generator(model);
  }

  /** Continues one prompt; see {@link #generate(GenerationRequest, Cancellation)}. */
  public Generation generate(long[] prompt, GenerationOptions options) {
    return generate(new long[][] {prompt}, options);
  }

  /** Continues several prompts; see {@link #generate(GenerationRequest, Cancellation)}. */
  public Generation generate(long[][] prompts, GenerationOptions options) {
    return generate(GenerationRequest.builder(prompts, options).build());
  }

  /** Generates without a way to cancel; see {@link #generate(GenerationRequest, Cancellation)}. */
  public Generation generate(GenerationRequest request) {
    return generate(request, new Cancellation());
  }

  /**
   * Continues the prompts of a request side by side, one token per row and step. A row's tokens are
   * those that it would have alone, except where rounding differs. The generation ends when every
   * row has a stop token, a stop text or the requested length. If it is cancelled, its deadline
   * passes or its thread is interrupted, it ends early and returns the tokens generated so far.
   *
   * <p>With {@link GenerationOptions#beams}, several continuations of each prompt are side by side.
   * The listener receives the tokens and the text of the best ones when the search has ended.
   *
   * @throws RequestException if there is no prompt, a prompt is empty, a token is not in the
   *     vocabulary, an input is missing, unknown or of another number of rows, or an amateur has
   *     another vocabulary; or if a model with a number token lacks the number of one, or one
   *     without has numbers
   * @throws ai.transonnx.runtime.ModelException if the model does not continue tokens
   * @throws ai.transonnx.runtime.BusyException before the first token, if as many calls wait as
   *     {@link ai.transonnx.runtime.ModelOptions#runLimit} allows
   * @throws ai.transonnx.runtime.ClosedException if the model is closed
   * @throws ai.transonnx.runtime.RunException if the runtime fails, or a logit is not a number
   */
  public Generation generate(GenerationRequest request, Cancellation cancellation) {
    check(request);
    var prompts =
        IntStream.range(0, request.rows()).mapToObj(request::prompt).toArray(long[][]::new);
    return request.options().beams().isPresent()
        ? search(request, prompts, cancellation)
        : continueEach(request, prompts, cancellation);
  }

  /**
   * Checks a request as {@link #generate(GenerationRequest, Cancellation)} does before it computes.
   *
   * @throws RequestException if there is no prompt, a prompt is empty, a token is not in the
   *     vocabulary, an input is of another number of rows, or numbers are missing or superfluous
   */
  public void check(GenerationRequest request) {
    checkPrompts(request);
    checkInputs(request);
    checkStopTokens(request.options());
    checkNumbers(request);
  }

  private Generation search(
      GenerationRequest request, long[][] prompts, Cancellation cancellation) {
    var rows = new BeamRows(request, inputVocabulary(request), rounding(), cancellation);
    var next = prompts;
    boolean recomputes = false;
    try (var loops = RowLoops.of(model, request)) {
      while (rows.continues()) {
        try {
          loops.feed(next, row -> false, cancellation);
        } catch (CancelledException e) {
          break; // The result has the tokens so far, and the reason.
        }
        if (!recomputes && loops.recomputing().isPresent()) {
          recomputes = true;
          request.listener().onRecomputing(loops.recomputing().get());
        }
        var step = rows.step(loops.vocabulary(), loops::logits);
        if (rows.continues()) {
          loops.select(step.parents());
        }
        next = step.tokens();
      }
    }
    return rows.result(request.listener());
  }

  private Generation continueEach(
      GenerationRequest request, long[][] prompts, Cancellation cancellation) {
    var next = prompts;
    boolean recomputes = false;
    try (var loops = RowLoops.of(model, request)) {
      var numbers =
          model.metadata().numberToken().stream()
              .mapToObj(
                  token ->
                      new PredictedNumbers(
                          request.listener(),
                          prompts.length,
                          token,
                          row -> loops.number(row).orElseThrow()))
              .findFirst();
      var builder =
          GenerationRows.builder(request.options())
              .count(prompts.length)
              .vocabulary(inputVocabulary(request))
              .topKRounding(rounding())
              .listener(numbers.<TokenListener>map(one -> one).orElse(request.listener()))
              .cancellation(cancellation);
      request.tokenizer().ifPresent(tokenizer -> builder.text(tokenizer, prompts));
      var rows = builder.build();
      while (rows.continues()) {
        try {
          loops.feed(next, rows::isStopped, cancellation);
        } catch (CancelledException e) {
          break; // The result has the tokens so far, and the reason.
        }
        if (!recomputes && loops.recomputing().isPresent()) {
          recomputes = true;
          request.listener().onRecomputing(loops.recomputing().get());
        }
        next = rows.step(loops.vocabulary(), loops::logits);
      }
      var result = rows.result();
      return numbers.map(PredictedNumbers::rows).map(result::withNumbers).orElse(result);
    }
  }

  private TopKCountRounding rounding() {
    return model.metadata().topKRounding().orElse(TopKCountRounding.CEIL);
  }

  private void checkPrompts(GenerationRequest request) {
    if (request.rows() == 0) {
      throw new RequestException("there is no prompt; give one or more");
    }
    for (int row = 0; row < request.rows(); row++) {
      long[] prompt = request.prompt(row);
      if (prompt.length == 0) {
        String which = request.rows() == 1 ? "the prompt" : "the prompt of row " + row;
        throw new RequestException(which + " is empty; give at least one token");
      }
      String ofRow = " of row " + row;
      inputVocabulary(request).check(i -> "position " + i + ofRow, prompt);
    }
  }

  /** The tokens that every model of a request has embeddings of. */
  private TokenVocabulary inputVocabulary(GenerationRequest request) {
    var models = Stream.concat(Stream.of(model), request.amateurs().stream().map(Amateur::model));
    return new TokenVocabulary(
        models.flatMapToInt(one -> one.inputVocabulary().count().stream()).min());
  }

  private void checkInputs(GenerationRequest request) {
    int rows = request.rows();
    request
        .inputs()
        .forEach(
            (name, tensor) -> {
              var shape = tensor.shape();
              if (model.signature().hasRows(name) && (shape.length == 0 || shape[0] != rows)) {
                throw new RequestException(
                    "input '%s' is %s for %s rows".formatted(name, tensor, rows));
              }
            });
  }

  private void checkNumbers(GenerationRequest request) {
    var token = model.metadata().numberToken();
    if (token.isEmpty()) {
      if (request.hasNumbers()) {
        throw new RequestException("the model has no number token; remove the numbers");
      }
      return;
    }
    if (request.options().beams().isPresent() || !request.amateurs().isEmpty()) {
      throw new RequestException(
          "a model with a number token is continued without beams and amateurs, as in its library");
    }
    for (int row = 0; row < request.rows(); row++) {
      var tokens = request.prompt(row);
      var numbers = request.numbers(row);
      for (int i = 0; i < numbers.length; i++) {
        if (tokens[i] == token.getAsInt() && !Double.isFinite(numbers[i])) {
          throw new RequestException(
              "position %s of row %s has token %s, which stands for a number; give its value, a finite number"
                  .formatted(i, row, token.getAsInt()));
        }
      }
    }
  }

  private void checkStopTokens(GenerationOptions options) {
    var scored = new TokenVocabulary(model.vocabulary());
    long[] tokens = options.stopTokens().stream().mapToLong(Long::longValue).toArray();
    scored.check(i -> "the stop tokens", tokens);
  }
}
