package ai.transonnx.runtime.generation;

import ai.transonnx.runtime.CancelledException;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TokenVocabulary;
import ai.transonnx.runtime.TopKCountRounding;
import java.util.Map;

/**
 * Continues prompts with a model, as {@code generate} of the Python libraries' wrappers does: one
 * token a step, each step seeing the last {@code max_length} tokens, unless {@link
 * GenerationOptions#fullWindow} asks for something else or the model goes from segment to segment.
 * As its library does, a block-recurrent model goes from window to window if it is incremental. It
 * holds nothing but the model, so many threads may use one.
 *
 * <pre>{@code
 * var generator = new Generator(model);
 * var options = GenerationOptions.builder(20).greedy().build();
 * long[] continuation = generator.generate(new long[] {72, 105}, options).tokens(0);
 * generator.generate(new long[] {}, options); // RequestException: prompt 0 is empty
 * }</pre>
 */
public final class Generator {
  private final OnnxModel model;

  public Generator(OnnxModel model) {
    this.model = model;
  }

  /** Continues one prompt; see {@link #generate(long[][], GenerationOptions)}. */
  public Generation generate(long[] prompt, GenerationOptions options) {
    return generate(new long[][] {prompt}, options);
  }

  /**
   * Continues several prompts, {@link #generate(long[][], Map, GenerationOptions)}, with a model
   * that takes nothing else.
   */
  public Generation generate(long[][] prompts, GenerationOptions options) {
    return generate(prompts, Map.of(), options);
  }

  /**
   * Continues several prompts side by side, in steps of one token of each. A row's tokens are those
   * that it would have alone, up to the rounding of the arithmetic. The generation ends when every
   * row has stopped or is as long as asked; if it is cancelled, its time is up or the thread is
   * interrupted, the tokens so far are the result.
   *
   * @param prompts of each row 1 or more tokens
   * @param given what the model takes besides tokens and state, such as a context or the source of
   *     an encoder-decoder: {@code [b, m, ...]}; or a mask that all rows have in common
   * @throws RequestException if there is no prompt, one is empty, a token is not in the vocabulary,
   *     given or chosen, or the model takes something else than is given
   * @throws ai.transonnx.runtime.ModelException if the model does not continue tokens
   * @throws ai.transonnx.runtime.BusyException if as many calls wait as {@link
   *     ai.transonnx.runtime.ModelOptions#runLimit} allows, before the first token
   * @throws ai.transonnx.runtime.ClosedException if the model is closed
   * @throws ai.transonnx.runtime.RunException if the runtime fails, or the logits are not numbers
   */
  public Generation generate(
      long[][] prompts, Map<String, Tensor> given, GenerationOptions options) {
    check(prompts);
    checkGiven(prompts.length, given);
    checkStopTokens(options);
    var rounding = model.metadata().topKRounding().orElse(TopKCountRounding.CEIL);
    var rows = new GenerationRows(prompts.length, options, model.tokenRange(), rounding);
    var next = prompts;
    boolean recomputes = false;
    try (var lanes = new LoopBatch(model, prompts, given, options)) {
      while (rows.continues()) {
        try {
          lanes.feed(next, rows::isStopped, options.cancellation());
        } catch (CancelledException e) {
          break; // The tokens so far are the result; the rows say how it ended.
        }
        if (!recomputes && lanes.recomputing().isPresent()) {
          recomputes = true;
          options.listener().onRecomputing(lanes.recomputing().get());
        }
        next = rows.step(lanes.vocabulary(), lanes::logits);
      }
    }
    return rows.result();
  }

  private void check(long[][] prompts) {
    if (prompts.length == 0) {
      throw new RequestException("there is no prompt");
    }
    for (int row = 0; row < prompts.length; row++) {
      if (prompts[row].length == 0) {
        throw new RequestException("prompt " + row + " is empty; give at least one token");
      }
      String ofRow = " of row " + row;
      model.tokenRange().check(i -> "position " + i + ofRow, prompts[row]);
    }
  }

  private void checkGiven(int rows, Map<String, Tensor> given) {
    given.forEach(
        (name, tensor) -> {
          var shape = tensor.shape();
          if (model.signature().hasRows(name) && (shape.length == 0 || shape[0] != rows)) {
            throw new RequestException(
                "input '%s' is %s for %s rows".formatted(name, tensor, rows));
          }
        });
  }

  private void checkStopTokens(GenerationOptions options) {
    var scored = new TokenVocabulary(model.vocabulary());
    long[] tokens = options.stopTokens().stream().mapToLong(Long::longValue).toArray();
    scored.check(i -> "the stop tokens", tokens);
  }
}
