package ai.transonnx.verification;

import ai.transonnx.runtime.Tensor;
import java.util.Comparator;
import java.util.Map;

/** What models make of recorded steps, beside what was recorded. */
record StepOutputs(Recording recording) {
  /** The outputs of a step, by their recorded names. */
  Map<String, Tensor> of(Step step, CaseModel model) {
    var actual = new RecordedCall(model).run(recording.inputs(step));
    actual.keySet().retainAll(step.outputs());
    if (actual.size() < step.outputs().size()) {
      throw new IllegalStateException(
          "the model gives %s of %s".formatted(actual.keySet(), step.outputs()));
    }
    return actual;
  }

  /** The output that is furthest from what was recorded. */
  Comparison worst(Step step, Map<String, Tensor> actual, Tolerance tolerance) {
    return actual.entrySet().stream()
        .map(
            out ->
                Comparison.of(
                    out.getKey(), recording.output(step, out.getKey()), out.getValue(), tolerance))
        .max(Comparator.comparingDouble(Comparison::share))
        .orElseThrow();
  }
}
