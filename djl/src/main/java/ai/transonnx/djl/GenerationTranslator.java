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
        isTranslation()
            ? model.others(ModelDescription.SOURCE, ModelDescription.SOURCE_MASK, OnnxModel.TARGET)
            : model.others(OnnxModel.TOKENS, ModelDescription.MASK);
    if (!others.isEmpty()) {
      throw new TranslateException("a prompt does not give the model's inputs " + others);
    }
    if (isTranslation() && settings.start().isEmpty()) {
      throw new TranslateException("give the token that a target begins with: argument 'start'");
    }
  }

  private boolean isTranslation() {
    return model.inputs().contains(ModelDescription.SOURCE);
  }

  @Override
  public NDList processInput(TranslatorContext context, I input) throws TranslateException {
    long[][] prompts = encoding.encode(input);
    check(prompts);
    int rows = prompts.length;
    var fixed = isTranslation() ? source(prompts) : Map.<String, Tensor>of();
    var loop =
        new BlockLoop(
            context.getBlock(),
            model,
            context.getPredictorManager(),
            isTranslation() ? OnnxModel.TARGET : OnnxModel.TOKENS,
            fixed,
            rows);
    context.setAttachment(LOOP, loop);
    context.setAttachment(ROWS, rows);
    return loop.call(isTranslation() ? starts(rows) : prompts);
  }

  @Override
  public O processOutput(TranslatorContext context, NDList outputs) throws TranslateException {
    var loop = (BlockLoop) context.getAttachment(LOOP);
    try {
      loop.accept(outputs);
    } catch (RuntimeException e) {
      loop.close();
      String given = outputs.stream().map(NDArray::getName).collect(Collectors.joining(", "));
      throw new TranslateException(e.getMessage() + " (outputs: " + given + ")", e);
    }
    int rows = (int) context.getAttachment(ROWS);
    return decoding.decode(loop, new Continuation(loop, model, settings, rows));
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
    inputs.put(ModelDescription.SOURCE, Tensor.ofLongs(tokens, rows.length, n));
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
    int vocabulary =
        isTranslation() ? Integer.MAX_VALUE : model.vocabulary().orElse(Integer.MAX_VALUE);
    for (long[] prompt : prompts) {
      if (prompt.length != prompts[0].length) {
        throw new TranslateException("the prompts are of several lengths; give them one by one");
      }
      for (long token : prompt) {
        if (token < 0 || token >= vocabulary) {
          throw new TranslateException(
              "token %d is not in the vocabulary: 0 to %d".formatted(token, vocabulary - 1));
        }
      }
    }
  }
}
