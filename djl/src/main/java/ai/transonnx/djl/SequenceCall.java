package ai.transonnx.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import java.util.Map;
import java.util.stream.Collectors;

/** One call of a model with one sequence of tokens, from the start of its state. */
record SequenceCall(ModelDescription model) {
  SequenceCall {
    var others = model.others(OnnxModel.TOKENS, ModelDescription.MASK);
    if (!others.isEmpty()) {
      throw new IllegalArgumentException("a text does not give the model's inputs " + others);
    }
  }

  /**
   * The inputs of a call.
   *
   * @throws TranslateException if there are no tokens, more than the model takes, or others
   */
  NDList inputs(TranslatorContext context, long[] tokens) throws TranslateException {
    int longest = model.metadata().longestCall();
    if (tokens.length == 0 || tokens.length > longest) {
      throw new TranslateException(
          "%s tokens; the model takes 1 to %s".formatted(tokens.length, longest));
    }
    model.checkPrompt(tokens);
    var loop = new BlockLoop(context.getBlock(), model, context.getNDManager(), Map.of(), 1);
    return loop.call(new long[][] {tokens});
  }

  /**
   * An output of a call.
   *
   * @throws TranslateException if the model does not give it
   */
  static Tensor output(NDList outputs, String name) throws TranslateException {
    for (NDArray array : outputs) {
      if (name.equals(array.getName())) {
        return NdTensors.toTensor(array);
      }
    }
    throw new TranslateException(
        "the model gives %s, but no %s"
            .formatted(
                outputs.stream().map(NDArray::getName).collect(Collectors.joining(", ")), name));
  }
}
