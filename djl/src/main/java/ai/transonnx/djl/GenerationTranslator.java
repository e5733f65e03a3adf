package ai.transonnx.djl;

import ai.djl.ndarray.NDList;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
  private static final String SESSIONS = "transonnx.sessions";
  private static final String FED = "transonnx.fed";

  private final ModelDescription model;
  private final GenerationSettings settings;
  private final Function<I, long[][]> encoding;
  private final Function<TokenGenerator, O> decoding;
  private final @Nullable Tokenizer tokenizer;

  /**
   * A translator of tokens for one model.
   *
   * @param encoding from an input to prompts, which may have different lengths
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
    // If the first call fails, the sessions are freed with the context.
    var sessions = sessions(context, prompts);
    context.setAttachment(SESSIONS, sessions);
    long[][] fed = model.isEncoderDecoder() ? starts(prompts.length) : prompts;
    context.setAttachment(FED, fed);
    return sessions.firstInputs(fed);
  }

  private SessionBatch sessions(TranslatorContext context, long[][] prompts) {
    var byLength = new TreeMap<Integer, List<Integer>>();
    for (int row = 0; row < prompts.length; row++) {
      byLength.computeIfAbsent(prompts[row].length, n -> new ArrayList<>()).add(row);
    }
    var sessions = new SessionBatch();
    for (var rows : byLength.values()) {
      var selected = rows.stream().map(row -> prompts[row]).toArray(long[][]::new);
      var otherInputs = model.isEncoderDecoder() ? source(selected) : Map.<String, Tensor>of();
      sessions.add(
          new DecodingSession(
              context.getBlock(), model, context.getNDManager(), otherInputs, rows.size()),
          rows);
    }
    return sessions;
  }

  @Override
  public O processOutput(TranslatorContext context, NDList outputs) {
    var sessions = (SessionBatch) context.getAttachment(SESSIONS);
    var fed = (long[][]) context.getAttachment(FED);
    try {
      sessions.moveTo(context.getPredictorManager());
      sessions.acceptFirst(outputs, fed);
    } catch (RuntimeException | Error e) {
      sessions.close();
      throw e;
    }
    return decoding.apply(new TokenGenerator(sessions, model, settings.options(), tokenizer, fed));
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
    if (prompts.length == 0) {
      throw new RequestException("there is no prompt; give one or more");
    }
    for (long[] prompt : prompts) {
      if (prompt.length == 0) {
        throw new RequestException("the prompt is empty; give at least one token");
      }
      model.checkPrompt(prompt);
    }
  }
}
