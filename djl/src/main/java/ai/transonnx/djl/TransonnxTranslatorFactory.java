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
import ai.transonnx.djl.internal.Arguments;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.generation.Generation;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Creates translators for exported models, from the metadata in their files:
 *
 * <ul>
 *   <li>{@code NDList} to {@code NDList}: the model's inputs to its outputs, by name
 *   <li>{@code String} to {@code String} or {@link TextStream}: a prompt to the generated text, as
 *       a whole or token by token; in an encoder-decoder, the source to the target
 *   <li>{@code long[][]} to {@code long[][]}: prompts of any lengths to their new tokens
 *   <li>{@code long[][]} to {@link Generation}: the same, with stop tokens, finish reasons and the
 *       seed
 *   <li>{@code String} to {@link TextScore}: a text to the probabilities of its tokens
 *   <li>{@code String} or {@link Image} to {@code float[]}: an embedding
 *   <li>{@link Image} to {@link Classifications}
 * </ul>
 *
 * <p>Arguments for generation are {@code length} (the maximum number of new tokens), {@code
 * greedy}, {@code temperature}, {@code topK} (40 keeps 40 tokens), {@code topP} (0.95 keeps 95 % of
 * the probability), {@code topKThreshold} and {@code topPThreshold} (as in the Python libraries:
 * 0.9 keeps 10 %), {@code minP} (0.1 drops tokens that are less than a tenth as likely as the
 * likeliest), {@code seed}, {@code stop} (tokens, comma-separated) and {@code start} (the first
 * token of an encoder-decoder's target); for text {@code stopText} (a text that ends the
 * generation, or a list of texts), {@code tokenizer} and {@code addSpecialTokens}; for images
 * {@code mean}, {@code std} and {@code synset}. Arguments of DJL and DJL Serving are accepted,
 * others are an error.
 *
 * <p>Threads may share a factory.
 */
public final class TransonnxTranslatorFactory implements TranslatorFactory {
  private static final List<String> NAMES =
      List.of(
          "addSpecialTokens",
          "greedy",
          "length",
          "mean",
          "minP",
          "seed",
          "start",
          "std",
          "stop",
          "stopText",
          "synset",
          "temperature",
          "tokenizer",
          "topK",
          "topKThreshold",
          "topP",
          "topPThreshold");

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
   * @throws RequestException if an argument is unknown or has an invalid value, or the model lacks
   *     an input that the types need; {@code loadModel} throws the same exception
   * @throws TranslateException if there is no translator for these types
   */
  @Override
  @SuppressWarnings("unchecked") // the types were compared
  public <I, O> Translator<I, O> newInstance(
      Class<I> input, Class<O> output, Model model, Map<String, ?> arguments)
      throws TranslateException {
    if (!isSupported(input, output)) {
      throw new TranslateException("no translator from %s to %s".formatted(input, output));
    }
    var checked = new Arguments(arguments, NAMES);
    if (input == NDList.class) {
      return (Translator<I, O>) new NoopTranslator();
    }
    try {
      var description = ModelDescription.of(model);
      var translator =
          input == Image.class
              ? imageTranslator(output, description, checked)
              : sequenceTranslator(input, output, model, checked);
      return (Translator<I, O>) new ReportingTranslator<>(translator);
    } catch (TranslateException e) {
      var refusal = new RequestException(String.valueOf(e.getMessage()));
      refusal.addSuppressed(e);
      throw refusal;
    }
  }

  private static NoBatchifyTranslator<?, ?> imageTranslator(
      Class<?> output, ModelDescription model, Arguments arguments) throws TranslateException {
    if (!model.inputs().contains(ModelDescription.IMAGE)) {
      throw new RequestException(
          "the model has no input 'image'; its inputs are %s".formatted(model.inputs()));
    }
    if (output == Classifications.class) {
      return new ClassificationTranslator(model, arguments);
    }
    var pixels = ImagePixels.of(model, arguments);
    return new EmbeddingTranslator<Image>(pixels::inputs);
  }

  private static NoBatchifyTranslator<?, ?> sequenceTranslator(
      Class<?> input, Class<?> output, Model loaded, Arguments arguments)
      throws TranslateException {
    var model = ModelDescription.of(loaded);
    if (!model.inputs().contains(OnnxModel.TOKENS) && !model.inputs().contains(OnnxModel.TARGET)) {
      throw new RequestException(
          "the model has no input 'tokens' or 'tgt'; its inputs are %s".formatted(model.inputs()));
    }
    var settings = GenerationSettings.of(arguments);
    if (input == long[][].class && !settings.options().stopTexts().isEmpty()) {
      throw new RequestException("argument 'stopText' needs an input of type String");
    }
    if (output == Generation.class) {
      return new GenerationTranslator<long[][], Generation>(
          model, settings, prompts -> prompts, TokenGenerator::finish);
    }
    if (input == long[][].class) {
      return new GenerationTranslator<long[][], long[][]>(
          model, settings, prompts -> prompts, TokenGenerator::tokens);
    }
    var tokenizer = TextTokenizer.of(loaded, model, arguments);
    if (output == TextScore.class) {
      return new ScoreTranslator(model, tokenizer);
    }
    if (output == float[].class) {
      var call = new ForwardPass(model);
      return new EmbeddingTranslator<String>(
          (context, text) -> call.inputs(context, tokenizer.encode(text)));
    }
    if (output == TextStream.class) {
      return GenerationTranslator.ofTexts(model, settings, tokenizer, TextStream::new);
    }
    return GenerationTranslator.ofTexts(
        model, settings, tokenizer, generator -> generator.finish().text(0));
  }
}
