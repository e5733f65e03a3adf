package ai.transonnx.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Continues prompts. The predictor makes the first call; the translator makes the others.
 *
 * @param <I> what is given
 * @param <O> what comes out
 */
final class GenerationTranslator<I, O> implements NoBatchifyTranslator<I, O> {
  private static final String LOOP = "transonnx.loop";
  private static final String ROWS = "transonnx.rows";

  /** From what is given to prompts of one length. */
  interface Encoding<I> {
    long[][] encode(I input);
  }

  /** From new tokens to what comes out. */
  interface Decoding<O> {
    /**
     * Takes over the loop, and closes it when it is done.
     *
     * @param continuation of the prompts that the loop has been fed
     */
    O decode(BlockLoop loop, Continuation continuation);
  }

  private final ModelDescription model;
  private final GenerationSettings settings;
  private final Encoding<I> encoding;
  private final Decoding<O> decoding;

  /**
   * A translator of one model.
   *
   * @throws TranslateException if the model has inputs that a prompt does not give
   */
  GenerationTranslator(
      ModelDescription model,
      GenerationSettings settings,
      Encoding<I> encoding,
      Decoding<O> decoding)
      throws TranslateException {
    this.model = model;
    this.settings = settings;
    this.encoding = encoding;
    this.decoding = decoding;
    var others =
        model.isTranslation()
            ? model.others(OnnxModel.SOURCE, ModelDescription.SOURCE_MASK, OnnxModel.TARGET)
            : model.others(OnnxModel.TOKENS, ModelDescription.MASK);
    if (!others.isEmpty()) {
      throw new TranslateException("a prompt does not give the model's inputs " + others);
    }
    if (!model.metadata().state().isEmpty() && !model.metadata().incremental()) {
      throw new TranslateException(
          "the model's state goes from one whole call to the next; export it with --incremental");
    }
    if (model.isTranslation()) {
      long start =
          settings
              .start()
              .orElseThrow(
                  () ->
                      new TranslateException(
                          "give the token that a target begins with: argument 'start'"));
      ModelDescription.check(model.sequenceTokens(), i -> "argument 'start'", start);
    }
  }

  @Override
  public NDList processInput(TranslatorContext context, I input) throws TranslateException {
    long[][] prompts = encoding.encode(input);
    check(prompts);
    int rows = prompts.length;
    var fixed = model.isTranslation() ? source(prompts) : Map.<String, Tensor>of();
    // Until its first call has succeeded, it ends with the call's context.
    var loop = new BlockLoop(context.getBlock(), model, context.getNDManager(), fixed, rows);
    context.setAttachment(LOOP, loop);
    context.setAttachment(ROWS, rows);
    return loop.call(model.isTranslation() ? starts(rows) : prompts);
  }

  @Override
  public O processOutput(TranslatorContext context, NDList outputs) throws TranslateException {
    var loop = (BlockLoop) context.getAttachment(LOOP);
    try {
      loop.moveTo(context.getPredictorManager());
      loop.accept(outputs);
    } catch (RuntimeException e) {
      loop.close();
      String given = outputs.stream().map(NDArray::getName).collect(Collectors.joining(", "));
      throw new TranslateException(e.getMessage() + " (outputs: " + given + ")", e);
    }
    int rows = (int) context.getAttachment(ROWS);
    return decoding.decode(loop, new Continuation(loop, model, settings.options(), rows));
  }

  private long[][] starts(int rows) {
    var starts = new long[rows][1];
    Arrays.stream(starts).forEach(row -> row[0] = settings.start().orElseThrow());
    return starts;
  }

  /** The source, all of it kept. */
  private Map<String, Tensor> source(long[][] rows) {
    int n = rows[0].length;
    var inputs = new HashMap<String, Tensor>();
    long[] tokens = Arrays.stream(rows).flatMapToLong(Arrays::stream).toArray();
    inputs.put(OnnxModel.SOURCE, Tensor.ofLongs(tokens, rows.length, n));
    if (model.inputs().contains(ModelDescription.SOURCE_MASK)) {
      var kept = new boolean[rows.length * n];
      Arrays.fill(kept, true);
      inputs.put(ModelDescription.SOURCE_MASK, Tensor.ofBooleans(kept, rows.length, n));
    }
    return inputs;
  }

  private void check(long[][] prompts) throws TranslateException {
    if (prompts.length == 0 || prompts[0].length == 0) {
      throw new TranslateException("the prompt is empty; give at least one token");
    }
    for (long[] prompt : prompts) {
      if (prompt.length != prompts[0].length) {
        throw new TranslateException("the prompts are of several lengths; give them one by one");
      }
      model.checkPrompt(prompt);
    }
  }
}
