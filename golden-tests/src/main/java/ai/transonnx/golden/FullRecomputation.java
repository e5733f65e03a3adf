package ai.transonnx.golden;

import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Continues a sequence of a model that has other inputs, too: all of it is given again at each
 * step. Tokens are continued by the likeliest, vectors by the last output.
 */
final class FullRecomputation {
  private final OnnxModel model;

  FullRecomputation(OnnxModel model) {
    this.model = model;
  }

  /**
   * What follows.
   *
   * @param inputs those of the recorded step
   * @param expected a tensor of the shape of the result: {@code [b, n]} or {@code [b, n, d]}
   */
  Tensor generate(Map<String, Tensor> inputs, Tensor expected) {
    int length = (int) expected.shape()[1];
    return inputs.containsKey("tokens") ? tokens(inputs, length) : vectors(inputs, length);
  }

  private Tensor tokens(Map<String, Tensor> inputs, int length) {
    var prompt = Objects.requireNonNull(inputs.get("tokens"));
    var rest = new HashMap<>(inputs);
    rest.remove("tokens");
    String name = model.signature().input("tgt").isPresent() ? "tgt" : "tokens";
    long[] all = single(prompt).longs();
    for (int i = 0; i < length; i++) {
      int from = Math.max(0, all.length - seen());
      long[] given = Arrays.copyOfRange(all, from, all.length);
      rest.put(name, Tensor.ofLongs(given, 1, given.length));
      var logits = Objects.requireNonNull(model.run(rest).get("logits"));
      all = Arrays.copyOf(all, all.length + 1);
      all[all.length - 1] = likeliest(logits);
    }
    return Tensor.ofLongs(Arrays.copyOfRange(all, all.length - length, all.length), 1, length);
  }

  private static long likeliest(Tensor logits) {
    int vocabulary = (int) logits.shape()[2];
    float[] all = logits.floats();
    int best = all.length - vocabulary;
    for (int i = best; i < all.length; i++) {
      best = all[i] > all[best] ? i : best;
    }
    return (long) best - (all.length - vocabulary);
  }

  private Tensor vectors(Map<String, Tensor> inputs, int length) {
    var prompt = single(Objects.requireNonNull(inputs.get("x")));
    int features = (int) prompt.shape()[2];
    float[] all = prompt.floats();
    for (int i = 0; i < length; i++) {
      int from = Math.max(0, all.length - seen() * features);
      float[] given = Arrays.copyOfRange(all, from, all.length);
      var call = new HashMap<>(inputs);
      call.put("x", Tensor.ofFloats(given, 1, given.length / features, features));
      float[] out = Objects.requireNonNull(model.run(call).get("out")).floats();
      int end = all.length;
      all = Arrays.copyOf(all, end + features);
      System.arraycopy(out, out.length - features, all, end, features);
    }
    int start = all.length - length * features;
    return Tensor.ofFloats(Arrays.copyOfRange(all, start, all.length), 1, length, features);
  }

  private static Tensor single(Tensor prompt) {
    if (prompt.shape()[0] != 1) {
      throw new IllegalArgumentException("only one sequence can be continued: " + prompt);
    }
    return prompt;
  }

  private int seen() {
    return model.metadata().maxLength().orElse(Integer.MAX_VALUE / 2);
  }
}
