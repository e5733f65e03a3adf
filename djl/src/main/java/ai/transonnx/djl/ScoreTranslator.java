package ai.transonnx.djl;

import ai.djl.ndarray.NDList;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.scoring.Scorer;
import ai.transonnx.runtime.text.Tokenizer;
import java.util.Arrays;
import java.util.stream.DoubleStream;

/** Scores texts with one call of the model each. */
final class ScoreTranslator implements NoBatchifyTranslator<String, TextScore> {
  private static final String TOKENS = "transonnx.tokens";

  private final ForwardPass call;
  private final Tokenizer tokenizer;

  ScoreTranslator(ModelDescription model, Tokenizer tokenizer) {
    this.call = new ForwardPass(model);
    this.tokenizer = tokenizer;
  }

  @Override
  public NDList processInput(TranslatorContext context, String text) {
    long[] tokens = tokenizer.encode(text);
    if (tokens.length < 2) {
      throw new RequestException(
          "the text has %s tokens; a score needs 2 or more".formatted(tokens.length));
    }
    context.setAttachment(TOKENS, tokens);
    return call.inputs(context, Arrays.copyOf(tokens, tokens.length - 1));
  }

  @Override
  public TextScore processOutput(TranslatorContext context, NDList outputs) {
    var tokens = (long[]) context.getAttachment(TOKENS);
    var logits = NdTensors.toTensor(NdTensors.find(outputs, "logits"));
    double[] bits = Scorer.bits(logits, Arrays.copyOfRange(tokens, 1, tokens.length));
    return new TextScore(DoubleStream.of(bits).boxed().toList());
  }
}
