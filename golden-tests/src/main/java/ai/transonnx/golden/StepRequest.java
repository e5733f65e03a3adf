package ai.transonnx.golden;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.runtime.ElementType;
import java.util.List;

/** Which graph a recorded step needs. */
final class StepRequest {
  private StepRequest() {}

  static GraphRequest of(Architecture architecture, Step step, Recording recording) {
    var main = GraphRequest.main();
    var inputs = step.inputs().stream().map(name -> form(step, recording, name)).toList();
    return switch (step.kind()) {
      case FORWARD -> main.withInputs(inputs).withOutputs(step.outputs());
      case LOSS -> main.withInputs(inputs).withOutputs(List.of("loss"));
      case GREEDY ->
          architecture.generation().withInputs(inputs.stream().map(n -> prompt(n, step)).toList());
    };
  }

  /** An input's name, with its form where there are several. */
  private static String form(Step step, Recording recording, String name) {
    if (name.endsWith("attn_mask")) {
      return name + ":" + maskForm(recording.input(step, name).shape());
    }
    boolean isFloat =
        name.equals("pos") && recording.input(step, name).type() == ElementType.FLOAT32;
    return isFloat ? name + ":float32" : name;
  }

  /** A mask may be one for all sequences, heads or queries. */
  private static String maskForm(long... shape) {
    boolean ofAllHeads = shape.length > 2 && shape[shape.length - 3] == 1;
    boolean ofAllSequences = shape.length > 3 && shape[0] == 1;
    if (!ofAllHeads && !ofAllSequences) {
      return shape.length + "d";
    }
    if (shape.length == 3) {
      return "1ij";
    }
    boolean ofAllQueries = shape[2] == 1 && ofAllHeads;
    return (ofAllSequences ? "1" : "b") + (ofAllHeads ? "1" : "h") + (ofAllQueries ? "1j" : "ij");
  }

  /** With a source, the prompt is of the target. */
  static String prompt(String name, Step step) {
    return name.equals("tokens") && step.inputs().contains("src") ? "tgt" : name;
  }
}
