package ai.transonnx.djl;

import ai.djl.ndarray.NDList;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslatorContext;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.embedding.Pooling;
import java.util.function.BiFunction;

/**
 * Computes the embedding of a text or an image: the mean of output {@code embeddings} over all
 * positions, as the library's own image classifier does.
 *
 * @param <I> the type of the input
 */
final class EmbeddingTranslator<I> implements NoBatchifyTranslator<I, float[]> {
  private final BiFunction<TranslatorContext, I, NDList> encoding;

  /**
   * @param encoding from an input to the inputs of a call
   */
  EmbeddingTranslator(BiFunction<TranslatorContext, I, NDList> encoding) {
    this.encoding = encoding;
  }

  @Override
  public NDList processInput(TranslatorContext context, I input) {
    return encoding.apply(context, input);
  }

  @Override
  public float[] processOutput(TranslatorContext context, NDList outputs) {
    // [1, n, d] or [1, d]
    Tensor embeddings = NdTensors.toTensor(NdTensors.find(outputs, "embeddings"));
    long[] shape = embeddings.shape();
    return shape.length == 2
        ? embeddings.floats()
        : Pooling.MEAN.pool(embeddings, Math.toIntExact(shape[1]))[0];
  }
}
