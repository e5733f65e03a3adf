package ai.transonnx.verification;

import ai.transonnx.runtime.Outputs;
import ai.transonnx.runtime.Tensor;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs recorded steps and compares their outputs. */
record StepOutputs(Recording recording) {
  /** The outputs of a step, by their recorded names. */
  Outputs of(Step step, CaseModel model) {
    var actual = new RecordedCall(model).run(recording.inputs(step));
    var recorded = new LinkedHashMap<String, Tensor>();
    step.outputs().forEach(name -> recorded.put(name, actual.get(name)));
    return Outputs.of(recorded);
  }

  /** The comparison of the output that differs most from the recorded one. */
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
