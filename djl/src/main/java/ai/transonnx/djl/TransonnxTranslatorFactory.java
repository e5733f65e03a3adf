package ai.transonnx.djl;

import ai.djl.Model;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDList;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorFactory;
import ai.djl.util.Pair;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.generation.Generation;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.Set;

/**
 * Makes translators of what an exported model says of itself:
 *
 * <ul>
 *   <li>{@code NDList} to {@code NDList}: the model's inputs and outputs by name
 *   <li>{@code String} to {@code String} or {@link TextStream}: the text that follows, as a whole
 *       or while it is generated; of a model from source to target, the target
 *   <li>{@code long[][]} to {@code long[][]}: the tokens that follow each of several prompts of one
 *       length
 *   <li>{@code long[][]} to {@link Generation}: the same tokens with stop tokens, the reasons why
 *       they end, and the seed
 *   <li>{@code String} to {@link TextScore}: how probable a text is
 *   <li>{@code String} or {@link Image} to {@code float[]}: an embedding
 *   <li>{@link Image} to {@link Classifications}
 * </ul>
 *
 * <p>Arguments of generation are {@code length}, {@code greedy}, {@code temperature}, {@code topK}
 * (40 keeps 40 tokens), {@code topP} (0.95 keeps 95 % of the probability), {@code topKThreshold}
 * and {@code topPThreshold} (as the Python libraries count: 0.9 keeps 10 %), {@code seed}, {@code
 * stop} (tokens, comma-separated) and {@code start}; of text {@code tokenizer} and {@code
 * addSpecialTokens}; of images {@code mean}, {@code std} and {@code synset}. Other arguments,
 * except those of DJL and DJL Serving, are refused.
 */
public final class TransonnxTranslatorFactory implements TranslatorFactory {
  private static final Set<Pair<Type, Type>> TYPES =
      Set.of(
          new Pair<>(NDList.class, NDList.class),
          new Pair<>(String.class, String.class),
          new Pair<>(String.class, TextStream.class),
          new Pair<>(long[][].class, long[][].class),
          new Pair<>(long[][].class, Generation.class),
          new Pair<>(String.class, TextScore.class),
          new Pair<>(String.class, float[].class),
          new Pair<>(Image.class, float[].class),
          new Pair<>(Image.class, Classifications.class));

  /** A factory without arguments, as DJL creates it. */
  public TransonnxTranslatorFactory() {}

  @Override
  public Set<Pair<Type, Type>> getSupportedTypes() {
    return TYPES;
  }

  /**
   * Creates a translator for a loaded model.
   *
   * @throws RequestException if an argument is unknown or has an invalid value, or the model does
   *     not have what the types need. DJL passes this exception on from {@code loadModel} as it is.
   * @throws TranslateException if there is no translator of these types
   */
  @Override
  @SuppressWarnings("unchecked") // the types were compared
  public <I, O> Translator<I, O> newInstance(
      Class<I> input, Class<O> output, Model model, Map<String, ?> arguments)
      throws TranslateException {
    if (!isSupported(input, output)) {
      throw new TranslateException("no translator from %s to %s".formatted(input, output));
    }
    var checked = new Arguments(arguments);
    if (input == NDList.class) {
      return (Translator<I, O>) new NoopTranslator();
    }
    try {
      var description = ModelDescription.of(model);
      var translator =
          input == Image.class
              ? ofImages(output, description, checked)
              : ofSequences(input, output, description, checked);
      return (Translator<I, O>) new ReportingTranslator<>(translator);
    } catch (TranslateException | IllegalArgumentException e) {
      var refusal = new RequestException(String.valueOf(e.getMessage()));
      refusal.addSuppressed(e);
      throw refusal;
    }
  }

  private static NoBatchifyTranslator<?, ?> ofImages(
      Class<?> output, ModelDescription model, Arguments arguments) throws TranslateException {
    if (!model.inputs().contains(ModelDescription.IMAGE)) {
      throw new TranslateException("the model takes %s, no image".formatted(model.inputs()));
    }
    if (output == Classifications.class) {
      return new ClassificationTranslator(model, arguments);
    }
    var pixels = ImagePixels.of(model, arguments);
    return new EmbeddingTranslator<Image>(pixels::inputs);
  }

  private static NoBatchifyTranslator<?, ?> ofSequences(
      Class<?> input, Class<?> output, ModelDescription model, Arguments arguments)
      throws TranslateException {
    if (!model.inputs().contains(OnnxModel.TOKENS) && !model.inputs().contains(OnnxModel.TARGET)) {
      throw new TranslateException("the model takes %s, no tokens".formatted(model.inputs()));
    }
    var settings = GenerationSettings.of(arguments);
    if (output == Generation.class) {
      return new GenerationTranslator<long[][], Generation>(
          model, settings, prompts -> prompts, TransonnxTranslatorFactory::generation);
    }
    if (input == long[][].class) {
      return new GenerationTranslator<long[][], long[][]>(
          model, settings, prompts -> prompts, TransonnxTranslatorFactory::tokens);
    }
    var codec = TextCodec.of(model, arguments);
    if (output == TextScore.class) {
      return new ScoreTranslator(model, codec);
    }
    if (output == float[].class) {
      var call = new SequenceCall(model);
      return new EmbeddingTranslator<String>(
          (context, text) -> call.inputs(context, codec.encode(text)));
    }
    GenerationTranslator.Encoding<String> encoding = text -> new long[][] {codec.encode(text)};
    if (output == TextStream.class) {
      return new GenerationTranslator<String, TextStream>(
          model,
          settings,
          encoding,
          (loop, continuation) -> new TextStream(loop, continuation, codec.decoder()));
    }
    return new GenerationTranslator<String, String>(
        model,
        settings,
        encoding,
        (loop, continuation) -> text(new TextStream(loop, continuation, codec.decoder())));
  }

  private static long[][] tokens(BlockLoop loop, Continuation continuation) {
    try (loop) {
      return continuation.rest();
    }
  }

  private static Generation generation(BlockLoop loop, Continuation continuation) {
    try (loop) {
      return continuation.finish();
    }
  }

  private static String text(TextStream stream) {
    var text = new StringBuilder();
    try (stream) {
      stream.forEachRemaining(text::append);
    }
    return text.toString();
  }
}
