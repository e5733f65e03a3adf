package ai.transonnx.djl;

import ai.djl.ndarray.NDList;
import ai.djl.translate.TranslatorContext;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import java.util.Map;

/** A single call of a model with all tokens of one sequence; its state starts from zeros. */
record ForwardPass(ModelDescription model) {
  /**
   * @throws RequestException if the model has inputs besides tokens, mask and state
   */
  ForwardPass {
    var others = model.otherInputs(OnnxModel.TOKENS, ModelDescription.MASK);
    if (!others.isEmpty()) {
      throw new RequestException("a text cannot provide the model's inputs " + others);
    }
  }

  /**
   * The inputs of the call.
   *
   * @throws RequestException if there are no tokens, more than the model accepts, or one is not in
   *     the vocabulary
   */
  NDList inputs(TranslatorContext context, long[] tokens) {
    int longest = model.metadata().longestCall();
    if (tokens.length == 0 || tokens.length > longest) {
      throw new RequestException(
          "the text has %s tokens; 1 to %s are possible".formatted(tokens.length, longest));
    }
    model.checkPrompt(tokens);
    var session =
        new DecodingSession(context.getBlock(), model, context.getNDManager(), Map.of(), 1);
    return session.inputs(new long[][] {tokens});
  }
}
