package ai.transonnx.verification.internal.divergence;

import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.internal.graph.Exposed;
import ai.transonnx.verification.runner.ModelRunner;
import ai.transonnx.verification.runner.RunnerException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Intermediate values of a runtime, which runs the whole model with these values as further
 * outputs. For one thread.
 */
final class ExposedValues {
  /** Some values cannot be outputs in a runtime; if so many runs fail, it has another reason. */
  private static final int MAX_FAILURES = 24;

  private final Scratch scratch;
  private final ModelRunner runner;
  private final ModelProto model;
  private final Map<String, Tensor> inputs;
  private int failures;

  ExposedValues(Scratch scratch, ModelRunner runner, ModelProto model, Map<String, Tensor> inputs) {
    this.scratch = scratch;
    this.runner = runner;
    this.model = model;
    this.inputs = inputs;
  }

  /**
   * The values that the runtime can return.
   *
   * @throws RunnerException if it often fails
   */
  Map<String, Tensor> of(List<String> values) {
    try {
      return scratch.run(runner, Exposed.of(model, values), inputs, values);
    } catch (RunnerException e) {
      if (++failures > MAX_FAILURES) {
        throw e;
      }
      if (values.size() == 1) {
        return Map.of();
      }
      int half = values.size() / 2;
      var both = new HashMap<>(of(values.subList(0, half)));
      both.putAll(of(values.subList(half, values.size())));
      return both;
    }
  }
}
