package ai.transonnx.verification.internal.divergence;

import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.internal.graph.GraphIndex;
import ai.transonnx.verification.internal.graph.ModulePath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Searches a fault that disappears when every value is an output, because the runtime then cannot
 * fuse operators: values between modules are outputs one at a time, and halved. For one thread.
 */
record HiddenFault(
    Reference reference,
    double factor,
    ModelProto model,
    GraphIndex index,
    Map<String, Tensor> inputs,
    ExposedValues exposed,
    ValueErrors errors) {
  /**
   * The first value between modules that is wrong when it alone is an output.
   *
   * @param output a wrong output of the model
   */
  String firstWrong(String output) {
    var candidates = new ArrayList<>(between(output));
    candidates.add(output);
    int right = -1;
    int wrong = candidates.size() - 1;
    while (wrong - right > 1) {
      int middle = (right + wrong) / 2;
      if (isWrong(candidates.get(middle))) {
        wrong = middle;
      } else {
        right = middle;
      }
    }
    return candidates.get(wrong);
  }

  /** The floating-point values before an output that another module reads, in order. */
  private List<String> between(String output) {
    var needed = new HashSet<String>(List.of(output));
    var between = new LinkedHashMap<Integer, String>();
    for (int i = index.producer(output).orElseThrow(); i >= 0; i--) {
      var module = ModulePath.of(index.nodes().get(i));
      for (var value : GraphIndex.results(index.nodes().get(i))) {
        if (!needed.contains(value)) {
          continue;
        }
        needed.addAll(index.reads(i));
        int last = index.lastRead(value).orElse(i);
        boolean leaves = !ModulePath.of(index.nodes().get(last)).equals(module);
        boolean isFloat = errors.of(value).filter(r -> r.type().isFloatingPoint()).isPresent();
        if (leaves && isFloat && !value.equals(output)) {
          between.put(i, value);
        }
      }
    }
    return between.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(Map.Entry::getValue)
        .toList();
  }

  private boolean isWrong(String value) {
    var actual = exposed.of(List.of(value)).get(value);
    var expected = reference.exact(model, inputs, List.of(value)).get(value);
    var known = errors.of(value);
    if (actual == null || expected == null || known.isEmpty()) {
      return false;
    }
    return new Bound(expected, known.get().rounding()).compare(value, actual, factor).isWrong();
  }
}
