package ai.transonnx.verification.internal.divergence;

import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.internal.graph.Cutter;
import ai.transonnx.verification.internal.graph.ValueType;
import ai.transonnx.verification.runner.ModelRunner;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The intermediate values of a model in one runtime, slice by slice: each slice is computed from
 * the values that the slices before it left. Values that no later slice reads are dropped. For one
 * thread.
 */
final class PartValues {
  private final Scratch scratch;
  private final ModelRunner runner;
  private final Cutter cutter;
  private final List<List<String>> slices;
  private final Map<String, Integer> lastUses = new HashMap<>();
  private final Map<String, Tensor> known;
  private int next;

  /**
   * Prepares the values of a call.
   *
   * @param slices values in the order of the graph; those that the model does not compute are
   *     skipped
   * @param inputs the model's inputs, in its types
   */
  PartValues(
      Scratch scratch,
      ModelRunner runner,
      ModelProto model,
      List<List<String>> slices,
      Map<String, Tensor> inputs) {
    this.scratch = scratch;
    this.runner = runner;
    this.cutter = new Cutter(model);
    Predicate<String> isComputed = value -> cutter.index().producer(value).isPresent();
    this.slices = slices.stream().map(slice -> slice.stream().filter(isComputed).toList()).toList();
    this.known = new HashMap<>(inputs);
    findLastUses();
  }

  private void findLastUses() {
    var given = new HashSet<>(known.keySet());
    for (int i = 0; i < slices.size(); i++) {
      for (var value : cutter.inputs(given, slices.get(i))) {
        lastUses.put(value, i);
      }
      given.addAll(slices.get(i));
    }
  }

  /** The values of the next slice. */
  Map<String, Tensor> next() {
    int slice = next++;
    var wanted = slices.get(slice);
    if (wanted.isEmpty()) {
      return Map.of();
    }
    var types = new HashMap<String, ValueType>();
    known.forEach((name, tensor) -> types.put(name, ValueType.of(tensor)));
    var values = scratch.run(runner, cutter.cut(types, wanted), known, wanted);
    known.keySet().removeIf(value -> lastUses.getOrDefault(value, -1) <= slice);
    values.forEach(
        (name, tensor) -> {
          if (lastUses.getOrDefault(name, -1) > slice) {
            known.put(name, tensor);
          }
        });
    return values;
  }
}
