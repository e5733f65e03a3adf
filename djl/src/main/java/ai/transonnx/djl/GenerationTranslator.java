package ai.transonnx.djl;

import ai.djl.ndarray.NDList;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.text.Tokenizer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Continues prompts. DJL's predictor makes the first call of the model; the {@link TokenGenerator}
 * makes the others.
 *
 * @param <I> the type of the input
 * @param <O> the type of the result
 */
final class GenerationTranslator<I, O> implements NoBatchifyTranslator<I, O> {
  private static final String SESSION = "transonnx.session";
  private static final String FED = "transonnx.fed";

  private final ModelDescription model;
  private final GenerationSettings settings;
  private final Function<I, long[][]> encoding;
  private final Function<TokenGenerator, O> decoding;
  private final @Nullable Tokenizer tokenizer;

  /**
   * A translator of tokens for one model.
   *
   * @param encoding from an input to prompts of equal length
   * @param decoding from a generator to the result; closes the generator after use
   * @throws RequestException if the model has inputs that a prompt cannot provide
   */
  GenerationTranslator(
      ModelDescription model,
      GenerationSettings settings,
      Function<I, long[][]> encoding,
      Function<TokenGenerator, O> decoding) {
    this(model, settings, encoding, decoding, null);
  }

  /**
   * A translator of texts for one model.
   *
   * @param decoding from a generation to the result; closes the generator after use
   * @throws RequestException if the model has inputs that a prompt cannot provide
   */
  static <T> GenerationTranslator<String, T> ofTexts(
      ModelDescription model,
      GenerationSettings settings,
      Tokenizer tokenizer,
      Function<TokenGenerator, T> decoding) {
    Function<String, long[][]> encoding = text -> new long[][] {tokenizer.encode(text)};
    return new GenerationTranslator<>(model, settings, encoding, decoding, tokenizer);
  }

  private GenerationTranslator(
      ModelDescription model,
      GenerationSettings settings,
      Function<I, long[][]> encoding,
      Function<TokenGenerator, O> decoding,
      @Nullable Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    this.model = model;
    this.settings = settings;
    this.encoding = encoding;
    this.decoding = decoding;
    var others =
        model.isEncoderDecoder()
            ? model.otherInputs(OnnxModel.SOURCE, ModelDescription.SOURCE_MASK, OnnxModel.TARGET)
            : model.otherInputs(OnnxModel.TOKENS, ModelDescription.MASK);
    if (!others.isEmpty()) {
      throw new RequestException("a prompt cannot provide the model's inputs " + others);
    }
    if (!model.metadata().state().isEmpty() && !model.metadata().incremental()) {
      throw new RequestException(
          "the model's state is passed between whole calls, as memories are; export it with"
              + " --incremental");
    }
    if (model.isEncoderDecoder()) {
      model.decoderVocabulary().check(i -> "argument 'start'", start());
    }
  }

  private long start() {
    return settings
        .start()
        .orElseThrow(
            () -> new RequestException("argument 'start' is missing: the target's first token"));
  }

  @Override
  public NDList processInput(TranslatorContext context, I input) {
    long[][] prompts = encoding.apply(input);
    check(prompts);
    int rows = prompts.length;
    var otherInputs = model.isEncoderDecoder() ? source(prompts) : Map.<String, Tensor>of();
    // If the first call fails, the session is freed with the context.
    var session =
        new DecodingSession(context.getBlock(), model, context.getNDManager(), otherInputs, rows);
    context.setAttachment(SESSION, session);
    long[][] fed = model.isEncoderDecoder() ? starts(rows) : prompts;
    context.setAttachment(FED, fed);
    return session.inputs(fed);
  }

  @Override
  public O processOutput(TranslatorContext context, NDList outputs) {
    var session = (DecodingSession) context.getAttachment(SESSION);
    try {
      session.moveTo(context.getPredictorManager());
      session.accept(outputs);
    } catch (RuntimeException | Error e) {
      session.close();
      throw e;
    }
    var fed = (long[][]) context.getAttachment(FED);
    return decoding.apply(new TokenGenerator(session, model, settings.options(), tokenizer, fed));
  }

  private long[][] starts(int rows) {
    var starts = new long[rows][1];
    Arrays.stream(starts).forEach(row -> row[0] = start());
    return starts;
  }

  /** The source, with a mask that is all true. */
  private Map<String, Tensor> source(long[][] rows) {
    int n = rows[0].length;
    var inputs = new HashMap<String, Tensor>();
    long[] tokens = Arrays.stream(rows).flatMapToLong(Arrays::stream).toArray();
    inputs.put(OnnxModel.SOURCE, Tensor.ofLongs(tokens, rows.length, n));
    if (model.inputs().contains(ModelDescription.SOURCE_MASK)) {
      var mask = new boolean[rows.length * n];
      Arrays.fill(mask, true);
      inputs.put(ModelDescription.SOURCE_MASK, Tensor.ofBooleans(mask, rows.length, n));
    }
    return inputs;
  }

  private void check(long[][] prompts) {
    if (prompts.length == 0 || prompts[0].length == 0) {
      throw new RequestException("the prompt is empty; give at least one token");
    }
    for (long[] prompt : prompts) {
      if (prompt.length != prompts[0].length) {
        throw new RequestException(
            "the prompts of one call have %s and %s tokens; make a call for each length"
                .formatted(prompts[0].length, prompt.length));
      }
      model.checkPrompt(prompt);
    }
  }
}
