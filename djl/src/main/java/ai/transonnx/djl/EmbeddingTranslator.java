package ai.transonnx.djl;

import ai.djl.ndarray.NDList;
import ai.djl.translate.NoBatchifyTranslator;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import ai.transonnx.runtime.Tensor;

/**
 * The embedding of a text or an image: the mean of its positions' {@code embeddings}, as the
 * library's own image classifier takes it.
 *
 * @param <I> what is embedded
 */
final class EmbeddingTranslator<I> implements NoBatchifyTranslator<I, float[]> {
  /** From what is given to the inputs of a call. */
  interface Encoding<I> {
    NDList inputs(TranslatorContext context, I input) throws TranslateException;
  }

  private final Encoding<I> encoding;

  EmbeddingTranslator(Encoding<I> encoding) {
    this.encoding = encoding;
  }

  @Override
  public NDList processInput(TranslatorContext context, I input) throws TranslateException {
    return encoding.inputs(context, input);
  }

  @Override
  public float[] processOutput(TranslatorContext context, NDList outputs)
      throws TranslateException {
    Tensor embeddings = SequenceCall.output(outputs, "embeddings"); // [1, n, d] or [1, d]
    long[] shape = embeddings.shape();
    int dim = (int) shape[shape.length - 1];
    float[] values = embeddings.floats();
    var sums = new double[dim];
    for (int i = 0; i < values.length; i++) {
      sums[i % dim] += values[i];
    }
    int rows = values.length / dim;
    var mean = new float[dim];
    for (int i = 0; i < dim; i++) {
      mean[i] = (float) (sums[i] / rows);
    }
    return mean;
  }
}
