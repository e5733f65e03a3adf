package ai.transonnx.spark.internal.rows;

import ai.transonnx.format.StateTensor;
import ai.transonnx.runtime.ModelException;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.TensorSpec;
import java.util.Set;
import java.util.TreeSet;

/** Checks that a model computes from the tokens of a text alone. */
final class TokenInputs {
  private static final String LOGITS = "logits";

  private TokenInputs() {}

  /**
   * Checks a language model, and returns its output {@code logits}.
   *
   * @throws ModelException if it has no input {@code tokens} or output {@code logits}, or has
   *     inputs that no text provides
   */
  static TensorSpec checkLanguageModel(OnnxModel model) {
    var signature = model.signature();
    var logits =
        signature
            .output(LOGITS)
            .orElseThrow(
                () ->
                    new ModelException(
                        model.file(),
                        "it has no output '%s'; it has %s"
                            .formatted(LOGITS, signature.outputs().values())));
    if (signature.input(OnnxModel.TOKENS).isEmpty()) {
      throw new ModelException(
          model.file(), "it has no input 'tokens'; it takes " + signature.inputs().values());
    }
    var others = new TreeSet<>(signature.inputs().keySet());
    others.removeAll(Set.of(OnnxModel.TOKENS, OnnxModel.START));
    model.metadata().state().stream().map(StateTensor::input).forEach(others::remove);
    if (!others.isEmpty()) {
      throw new ModelException(
          model.file(), "a text cannot provide the model's inputs %s".formatted(others));
    }
    return logits;
  }
}
