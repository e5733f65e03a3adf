package ai.transonnx.runtime;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;

/** What a model must take and give so that tokens can be fed to it one after the other. */
final class LoopContract {
  private LoopContract() {}

  /**
   * Checks a model for a loop over {@code batch} rows.
   *
   * @param given what it takes besides tokens and state
   * @return the input that takes the tokens: {@code tokens}, or {@code tgt} of an encoder-decoder
   * @throws ModelException if no loop can run it
   * @throws RequestException if it is made for another number of rows
   */
  static TensorSpec check(OnnxModel model, int batch, Map<String, Tensor> given) {
    TensorSpec tokens =
        model
            .signature()
            .input(OnnxModel.TOKENS)
            .or(() -> model.signature().input(OnnxModel.TARGET))
            .orElseThrow(() -> lacks(model, "input 'tokens'"));
    TensorSpec logits =
        model
            .signature()
            .output(OnnxModel.LOGITS)
            .orElseThrow(() -> lacks(model, "output 'logits'"));
    if (tokens.type() != ElementType.INT64
        || tokens.rank() != 2
        || tokens.fixedSize(1).isPresent()) {
      throw unfit(model, tokens + " is not int64 [b, n] with n free");
    }
    if (!logits.type().isFloatingPoint() || logits.rank() != 3 || isEmpty(logits)) {
      throw unfit(model, logits + " is not floating-point [b, n, V]");
    }
    var others = new HashSet<>(model.signature().inputs().keySet());
    others.remove(tokens.name());
    given.forEach((name, tensor) -> checkGiven(model, tokens, batch, name, tensor));
    others.removeAll(given.keySet());
    model.metadata().state().forEach(pair -> others.remove(pair.input()));
    if (!others.isEmpty()) {
      throw unfit(model, "its inputs " + others + " are neither tokens nor state");
    }
    if (tokens.fixedSize(0).orElse(batch) != batch) {
      throw new RequestException("%d rows for a model that takes %s".formatted(batch, tokens));
    }
    return tokens;
  }

  private static void checkGiven(
      OnnxModel model, TensorSpec tokens, int batch, String name, Tensor tensor) {
    var spec =
        model
            .signature()
            .input(name)
            .orElseThrow(
                () ->
                    new RequestException(
                        "the model has no input '%s'; it takes %s"
                            .formatted(name, model.signature().inputs().values())));
    spec.check(tensor, new HashMap<>());
    if (spec.rank() < 2 || tensor.shape()[0] != batch) {
      throw new RequestException("input '%s' is %s for %d rows".formatted(name, tensor, batch));
    }
    if (spec.dims().get(1).equals(tokens.dims().get(1))) {
      throw new RequestException(
          "input '%s' is as long as the tokens; a loop has no such input".formatted(name));
    }
  }

  private static boolean isEmpty(TensorSpec spec) {
    return spec.dims().contains(new Dim.Fixed(0));
  }

  private static ModelException lacks(OnnxModel model, String what) {
    return unfit(model, "it has no " + what);
  }

  private static ModelException unfit(OnnxModel model, String why) {
    return new ModelException(model.file(), "this model cannot continue tokens: " + why);
  }
}
