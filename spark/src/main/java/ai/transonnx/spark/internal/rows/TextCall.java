package ai.transonnx.spark.internal.rows;

import ai.transonnx.format.ElementType;
import ai.transonnx.format.StateTensor;
import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.ModelException;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TensorSpec;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Set;
import java.util.TreeSet;

/** Calls of a model with whole texts, whose state starts from zeros. */
final class TextCall {
  /** The input that marks the positions of a text: bool [b, n]. */
  static final String MASK = "mask";

  private final OnnxModel model;
  private final TensorSpec output;

  /**
   * Calls that return one output.
   *
   * @throws ModelException if the model does not have it, or has inputs that no text provides
   */
  TextCall(OnnxModel model, String output) {
    this.model = model;
    var signature = model.signature();
    this.output =
        signature
            .output(output)
            .orElseThrow(
                () ->
                    new ModelException(
                        model.file(),
                        "it has no output '%s'; it has %s"
                            .formatted(output, signature.outputs().values())));
    if (signature.input(OnnxModel.TOKENS).isEmpty()) {
      throw new ModelException(
          model.file(), "it has no input 'tokens'; it takes " + signature.inputs().values());
    }
    var others = new TreeSet<>(signature.inputs().keySet());
    others.removeAll(Set.of(OnnxModel.TOKENS, MASK, OnnxModel.START));
    model.metadata().state().stream().map(StateTensor::input).forEach(others::remove);
    if (!others.isEmpty()) {
      throw new ModelException(model.file(), "a text cannot provide the model's inputs " + others);
    }
  }

  TensorSpec output() {
    return output;
  }

  /**
   * The output for sequences of equal length.
   *
   * @return [b, ...]
   */
  Tensor call(long[][] sequences, Cancellation cancellation) {
    int rows = sequences.length;
    int n = sequences[0].length;
    var tokens = Arrays.stream(sequences).flatMapToLong(Arrays::stream).toArray();
    var inputs = new HashMap<String, Tensor>();
    inputs.put(OnnxModel.TOKENS, Tensor.ofLongs(tokens, rows, n));
    if (model.signature().input(MASK).isPresent()) {
      var all = new boolean[tokens.length];
      Arrays.fill(all, true);
      inputs.put(MASK, Tensor.ofBooleans(all, rows, n));
    }
    if (model.signature().input(OnnxModel.START).isPresent()) {
      inputs.put(OnnxModel.START, Tensor.zeros(ElementType.INT64, rows));
    }
    for (var state : model.metadata().state()) {
      inputs.put(state.input(), Tensor.zeros(state, rows));
    }
    return model.run(inputs, Set.of(output.name()), cancellation).get(output.name());
  }
}
