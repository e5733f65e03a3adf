package ai.transonnx.verification.internal.call;

import ai.transonnx.format.StateTensor;
import ai.transonnx.runtime.Tensor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The states after the calls of one runtime, as far as later calls continue them. For one thread.
 */
public final class CallStates {
  private final List<StateTensor> pairs;
  private final List<PlannedCall> calls;
  private final Map<String, Map<String, Tensor>> after = new HashMap<>();

  /**
   * No states yet.
   *
   * @param calls all calls, in order
   */
  public CallStates(List<StateTensor> pairs, List<PlannedCall> calls) {
    this.pairs = List.copyOf(pairs);
    this.calls = List.copyOf(calls);
  }

  /**
   * Stores the state that a call returned, if a later one continues it, and forgets those that none
   * continues any more.
   *
   * @param outputs the outputs of the call, with every state
   */
  public void put(PlannedCall call, Map<String, Tensor> outputs) {
    var needed = neededAfter(call);
    after.keySet().retainAll(needed);
    if (needed.contains(call.name())) {
      var state = new HashMap<String, Tensor>();
      for (var pair : pairs) {
        state.put(pair.output(), Objects.requireNonNull(outputs.get(pair.output())));
      }
      after.put(call.name(), state);
    }
  }

  private Tensor output(String call, StateTensor pair) {
    return Objects.requireNonNull(Objects.requireNonNull(after.get(call)).get(pair.output()));
  }

  private Set<String> neededAfter(PlannedCall call) {
    var needed = new HashSet<String>();
    for (var later : calls.subList(calls.indexOf(call) + 1, calls.size())) {
      needed.addAll(later.state().calls());
    }
    return needed;
  }

  /** Whether the states that a call continues are known: the calls before it succeeded. */
  public boolean has(PlannedCall call) {
    return after.keySet().containsAll(call.state().calls());
  }

  /** The state with which a call begins, by the names of the inputs. */
  public Map<String, Tensor> of(PlannedCall call) {
    var given =
        call.state() instanceof StateOrigin.Given state ? state.state() : Map.<String, Tensor>of();
    var inputs = new HashMap<String, Tensor>();
    for (var pair : pairs) {
      var parts = call.state().calls().stream().map(name -> output(name, pair)).toList();
      if (parts.isEmpty()) {
        var first = given.get(pair.input());
        inputs.put(pair.input(), first == null ? Tensor.zeros(pair, call.batch()) : first);
      } else {
        inputs.put(
            pair.input(),
            parts.size() == 1 ? parts.get(0) : TensorParts.stack(parts, pair.growingAxis()));
      }
    }
    return inputs;
  }
}
