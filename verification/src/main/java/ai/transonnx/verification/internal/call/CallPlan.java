package ai.transonnx.verification.internal.call;

import ai.transonnx.InputException;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TensorSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Plans the calls of a model.
 *
 * <p>A model without state is called once for each set of inputs. A model whose state belongs to
 * whole calls gets the sets one after the other. A model that continues a sequence gets each set as
 * a prefill, single steps and pieces, and, where its rows may be at different positions, rows of
 * different lengths that then continue in one batch.
 */
public final class CallPlan {
  /** The longer and the shorter of two rows in one batch. */
  private static final int LONGER = 7;

  private static final int SHORTER = 3;
  private static final int STEPS_OF_ROWS = 2;

  private final CallModel model;
  private final ChunkSizes chunks;
  private final List<PlannedCall> calls = new ArrayList<>();

  private CallPlan(CallModel model) {
    this.model = model;
    this.chunks = new ChunkSizes(model.metadata().cacheLayout());
  }

  /** The calls with sets of inputs, in order. */
  public static List<PlannedCall> of(CallModel model, List<InputSet> sets) {
    var plan = new CallPlan(model);
    for (var set : sets) {
      plan.add(set);
    }
    return List.copyOf(plan.calls);
  }

  private void add(InputSet set) {
    if (!model.isIncremental()) {
      calls.add(
          new PlannedCall(
              unique(set.name()), set.inputs(), origin(set), batch(set.inputs()), set.recorded()));
      return;
    }
    int n = positions(set.inputs());
    if (n == 0) {
      throw new InputException("the inputs have no positions: %s".formatted(set.inputs()));
    }
    if (set.isGiven() && n <= model.metadata().cacheLayout().room(0)) {
      calls.add(
          new PlannedCall(
              named(set, "whole"),
              set.inputs(),
              set.origin(),
              batch(set.inputs()),
              set.recorded()));
    }
    addChunks(set, n);
    if (model.metadata().ragged() && set.state().isEmpty()) {
      addRows(set, n);
    }
  }

  /**
   * State of whole calls goes from each set to the next one with as many rows, unless the sizes of
   * inputs depend on it: they are known only after the call.
   */
  private StateOrigin origin(InputSet set) {
    boolean begins = model.metadata().state().isEmpty() || model.hasSizesOfState();
    if (!set.state().isEmpty() || calls.isEmpty() || begins) {
      return set.origin();
    }
    var last = calls.get(calls.size() - 1);
    return last.batch() == batch(set.inputs())
        ? new StateOrigin.After(last.name())
        : new StateOrigin.Initial();
  }

  private void addChunks(InputSet set, int n) {
    int before = 0;
    int steps = 0;
    int pieces = 0;
    var origin = set.origin();
    for (int chunk : chunks.of(n)) {
      var kind = before == 0 ? "prefill" : chunk == 1 ? "step " + ++steps : "piece " + ++pieces;
      var call = call(set, named(set, kind), origin, before, chunk);
      calls.add(call);
      origin = new StateOrigin.After(call.name());
      before += chunk;
    }
  }

  private void addRows(InputSet set, int n) {
    int longer = Math.min(chunks.boundary().orElse(LONGER + 1) - 1, n - STEPS_OF_ROWS);
    int shorter = Math.min(SHORTER, longer - 1);
    boolean fits = shorter > 0 && longer <= model.metadata().cacheLayout().room(0);
    if (!fits || model.batch().isEmpty() || batch(set.inputs()) < 2) {
      return;
    }
    int[] lengths = {longer, shorter};
    var names = new ArrayList<String>();
    for (int row = 0; row < lengths.length; row++) {
      var alone = row(set, row);
      var call = call(alone, named(set, "row " + (row + 1)), alone.origin(), 0, lengths[row]);
      calls.add(call);
      names.add(call.name());
    }
    StateOrigin origin = new StateOrigin.Stacked(names);
    for (int step = 0; step < STEPS_OF_ROWS; step++) {
      var name = named(set, "rows step " + (step + 1));
      calls.add(rowsCall(set, name, origin, lengths[0] + step, lengths[1] + step));
      origin = new StateOrigin.After(name);
    }
  }

  /** One position of each row, each at a position of its own. */
  private PlannedCall rowsCall(InputSet set, String name, StateOrigin origin, int... positions) {
    var rows =
        IntStream.range(0, positions.length)
            .mapToObj(i -> call(row(set, i), name, origin, positions[i], 1).inputs())
            .toList();
    var inputs = new LinkedHashMap<String, Tensor>();
    for (var spec : model.givenInputs().values()) {
      var parts = rows.stream().map(row -> Objects.requireNonNull(row.get(spec.name()))).toList();
      inputs.put(spec.name(), hasRows(spec) ? TensorParts.stack(parts, -1) : parts.get(0));
    }
    return new PlannedCall(name, inputs, origin, positions.length, Map.of());
  }

  private InputSet row(InputSet set, int row) {
    var inputs = new LinkedHashMap<String, Tensor>();
    for (var spec : model.givenInputs().values()) {
      var tensor = Objects.requireNonNull(set.inputs().get(spec.name()));
      inputs.put(spec.name(), hasRows(spec) ? tensor.rows(List.of(row)) : tensor);
    }
    return InputSet.made(inputs);
  }

  private boolean hasRows(TensorSpec spec) {
    return spec.rank() > 0 && model.batch().map(spec.dims().get(0)::equals).orElse(false);
  }

  private PlannedCall call(InputSet set, String name, StateOrigin origin, int before, int count) {
    var inputs = new LinkedHashMap<String, Tensor>();
    for (var spec : model.givenInputs().values()) {
      var tensor = Objects.requireNonNull(set.inputs().get(spec.name()));
      int axis = model.positionAxis(spec);
      if (axis >= 0) {
        inputs.put(spec.name(), TensorParts.cut(tensor, axis, before, count));
      } else {
        boolean isOfFirstCall = before > 0 && spec.rank() > 1 && !spec.dims().get(1).isFixed();
        inputs.put(spec.name(), isOfFirstCall ? TensorParts.cut(tensor, 1, 0, 0) : tensor);
      }
    }
    return new PlannedCall(name, inputs, origin, batch(inputs), Map.of());
  }

  private int positions(Map<String, Tensor> inputs) {
    var main = model.mainInput().orElseThrow();
    return (int) Objects.requireNonNull(inputs.get(main.name())).shape()[1];
  }

  private int batch(Map<String, Tensor> inputs) {
    return model
        .mainInput()
        .map(main -> Objects.requireNonNull(inputs.get(main.name())).shape())
        .filter(shape -> shape.length > 0)
        .map(shape -> (int) shape[0])
        .orElse(1);
  }

  private String named(InputSet set, String kind) {
    return unique(set.name().isEmpty() ? kind : set.name() + ": " + kind);
  }

  /** The name, or with a number if there are several; calls without a name have one always. */
  private String unique(String name) {
    var used = name.isEmpty() ? "call 1" : name;
    for (int count = 2; isUsed(used); count++) {
      used = (name.isEmpty() ? "call" : name) + " " + count;
    }
    return used;
  }

  private boolean isUsed(String name) {
    return calls.stream().anyMatch(call -> call.name().equals(name));
  }
}
