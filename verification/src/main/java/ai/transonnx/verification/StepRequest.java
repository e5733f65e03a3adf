package ai.transonnx.verification;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.format.ElementType;

/** The request for the graph of a recorded step. */
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

  /** The name of an input, with its form if the input has several. */
  private static String form(Step step, Recording recording, String name) {
    if (name.equals("condition") || name.equals("in_attn_cond")) {
      return name + ":" + recording.input(step, name).shape().length + "d";
    }
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
    return name + ":" + sharedAxes(all, batch, recorded.shape());
  }

  /** The last axes of {@code all}, with 1 for those of size 1. */
  private static String axes(String all, long... shape) {
    var form = new StringBuilder(all.substring(Math.max(0, all.length() - shape.length)));
    for (int i = 0; i < Math.min(shape.length, form.length()); i++) {
      if (shape[i] == 1) {
        form.setCharAt(i, '1');
      }
    }
    return form.toString();
  }

  /** The axes of an input that all sequences may share. */
  private static String sharedAxes(String all, long batch, long... shape) {
    if (shape.length < all.length()) {
      return all.substring(1);
    }
    return shape[0] == batch ? all : "1" + all.substring(1);
  }

  /** In an encoder-decoder, the prompt continues the target. */
  static String prompt(String name, Step step) {
    return name.equals("tokens") && step.inputs().contains("src") ? "tgt" : name;
  }
}
