package ai.transonnx.djl;

import ai.djl.ndarray.NDList;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import ai.transonnx.runtime.scoring.Scorer;
import java.util.Arrays;
import java.util.stream.DoubleStream;

/** Scores texts. */
final class ScoreTranslator implements NoBatchifyTranslator<String, TextScore> {
  private static final String TOKENS = "transonnx.tokens";

  private final SequenceCall call;
  private final TextCodec codec;

  ScoreTranslator(ModelDescription model, TextCodec codec) throws TranslateException {
    this.call = new SequenceCall(model);
    this.codec = codec;
  }

  @Override
  public NDList processInput(TranslatorContext context, String text) throws TranslateException {
    long[] tokens = codec.encode(text);
    if (tokens.length < 2) {
      throw new TranslateException("a text of %s tokens has no score".formatted(tokens.length));
    }
    context.setAttachment(TOKENS, tokens);
    return call.inputs(context, Arrays.copyOf(tokens, tokens.length - 1));
  }

  @Override
  public TextScore processOutput(TranslatorContext context, NDList outputs)
      throws TranslateException {
    var tokens = (long[]) context.getAttachment(TOKENS);
    var logits = SequenceCall.output(outputs, "logits");
    double[] bits = Scorer.bits(logits, Arrays.copyOfRange(tokens, 1, tokens.length));
    return new TextScore(DoubleStream.of(bits).boxed().toList());
  }
}
