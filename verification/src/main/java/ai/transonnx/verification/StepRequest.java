package ai.transonnx.verification;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.format.ElementType;

/** Which graph a recorded step needs. */
final class StepRequest {
  private StepRequest() {}

  static GraphRequest of(Architecture architecture, Step step, Recording recording) {
    var main = GraphRequest.main();
    var inputs = step.inputs().stream().map(name -> form(step, recording, name)).toList();
    return switch (step.kind()) {
      case FORWARD -> main.toBuilder().inputs(inputs).outputs(step.outputs()).build();
      case LOSS -> main.toBuilder().inputs(inputs).outputs("loss").build();
      case GREEDY ->
          architecture.generation().toBuilder()
              .inputs(inputs.stream().map(n -> prompt(n, step)).toList())
              .build();
    };
  }

  /** An input's name, with its form where there are several. */
  private static String form(Step step, Recording recording, String name) {
    boolean isMask = name.endsWith("attn_mask");
    boolean isBias = name.equals("rel_pos_bias");
    if (!isMask && !isBias && !name.equals("pos")) {
      return name;
    }
    var recorded = recording.input(step, name);
    if (isMask) {
      return name + ":" + axes("bhij", recorded.shape());
    }
    long batch = recording.input(step, step.inputs().get(0)).shape()[0];
    boolean isIndex = recorded.type() == ElementType.INT64;
    var all = isBias ? "bij" : isIndex ? "bn" : "bnd";
    return name + ":" + ofSequences(all, batch, recorded.shape());
  }

  /** The last of some axes, 1 in the place of those of size 1. */
  private static String axes(String all, long... shape) {
    var form = new StringBuilder(all.substring(Math.max(0, all.length() - shape.length)));
    for (int i = 0; i < Math.min(shape.length, form.length()); i++) {
      if (shape[i] == 1) {
        form.setCharAt(i, '1');
      }
    }
    return form.toString();
  }

  /** The axes of what may be that of all sequences. */
  private static String ofSequences(String all, long batch, long... shape) {
    if (shape.length < all.length()) {
      return all.substring(1);
    }
    return shape[0] == batch ? all : "1" + all.substring(1);
  }

  /** With a source, the prompt is of the target. */
  static String prompt(String name, Step step) {
    return name.equals("tokens") && step.inputs().contains("src") ? "tgt" : name;
  }
}
