package ai.transonnx.runtime;

import java.util.HashSet;

/** What a model must take and give so that tokens can be fed to it one after the other. */
final class LoopContract {
  private LoopContract() {}

  /**
   * Checks a model for a loop over {@code batch} rows.
   *
   * @throws ModelException if no loop can run it
   * @throws RequestException if it is made for another number of rows
   */
  static void check(OnnxModel model, int batch) {
    TensorSpec tokens =
        model.signature().input(OnnxModel.TOKENS).orElseThrow(() -> lacks(model, "input 'tokens'"));
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
    others.remove(OnnxModel.TOKENS);
    model.metadata().state().forEach(pair -> others.remove(pair.input()));
    if (!others.isEmpty()) {
      throw unfit(model, "its inputs " + others + " are neither tokens nor state");
    }
    if (tokens.fixedSize(0).orElse(batch) != batch) {
      throw new RequestException("%d rows for a model that takes %s".formatted(batch, tokens));
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
