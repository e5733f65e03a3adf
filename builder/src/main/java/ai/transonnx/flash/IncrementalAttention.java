package ai.transonnx.flash;

import ai.transonnx.architecture.PastState;
import ai.transonnx.format.Dim;
import ai.transonnx.format.StateRole;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.List;

/**
 * FLASH's causal attention over the next chunk of a sequence. Its state contains the keys and
 * values of the partial group and one sum for all groups before it, so that the cost of a chunk
 * does not depend on its position.
 *
 * <p>The partial group has a slot for each of its positions. A chunk that does not fill the group
 * writes only its own slots, so that a runtime may update the state in place. A chunk that fills
 * the group changes all slots, so that it could not be repeated after a failure. Slots after the
 * last position contain outdated values, which the bias masks.
 *
 * @param layer the index of the layer, which names its state
 */
record IncrementalAttention(GroupAttention attention, int layer) {
  /**
   * The state.
   *
   * @param keys the keys of quadratic attention {@code [b, g, k]}
   * @param linearKeys the keys of linear attention {@code [b, g, k]}
   * @param memory the sum and the values
   */
  private record State(Value keys, Value linearKeys, GroupMemory memory) {
    List<Value> tensors() {
      var all = new ArrayList<>(List.of(keys, linearKeys));
      all.addAll(memory.tensors());
      return all;
    }

    List<String> names(int layer) {
      var all = new ArrayList<>(List.of("keys_" + layer, "linear_keys_" + layer));
      all.addAll(memory.names(layer));
      return all;
    }

    List<Value> with(Value out) {
      var all = new ArrayList<>(List.of(out));
      all.addAll(tensors());
      return all;
    }
  }

  /** The new queries and keys {@code [b, n, k]}, and the new values {@code [b, n, e]}. */
  private record Fresh(Value quadQ, Value linQ, Value quadK, Value linK, Value values) {}

  /**
   * Applies attention.
   *
   * @param heads {@code [b, n, 4 * k]}: the queries of quadratic and linear attention, followed by
   *     the keys of both
   * @param given the values {@code [b, n, e]}, zero where a key is masked
   * @param bias {@code [group_size, group_size]}
   * @return {@code [b, n, e]}
   */
  Value of(Scope s, Value heads, Value given, Value bias, PartialGroup group, PastState pastState) {
    var values = s.widen(given);
    long k = heads.dim(2).size() / 4;
    long e = values.dim(2).size();
    int size = attention.groupSize();
    var sizes = new GroupMemory.Sizes(k, size, e);
    var past =
        new State(
            keys(s, pastState, "keys_", size, k),
            keys(s, pastState, "linear_keys_", size, k),
            GroupMemory.past(s, pastState, layer, sizes, group));
    var parts = s.split(heads, 2, k, k, k, k); // each [b, n, k]
    var fresh =
        new Fresh(
            parts.get(0),
            parts.get(1),
            rounded(s, parts.get(2)),
            rounded(s, parts.get(3)),
            rounded(s, values));
    var results =
        s.ifElse(
            group.staysPartial(),
            past.with(values).stream().map(Value::type).toList(),
            within -> withinGroup(within, fresh, bias, group, past),
            across -> acrossGroups(across, fresh, bias, group, past));
    var names = past.names(layer);
    for (int i = 0; i < names.size(); i++) {
      pastState.present(names.get(i), results.get(1 + i));
    }
    return results.get(0);
  }

  /** As a later call reads it, so that results do not depend on the chunks of a sequence. */
  private static Value rounded(Scope s, Value x) {
    return s.widen(s.cast(x, s.cacheType()));
  }

  private Value keys(Scope s, PastState pastState, String name, long count, long features) {
    return pastState.past(
        name + layer,
        StateRole.GROUP,
        s.cacheType(),
        Shape.of(GroupMemory.SLOTS, Dim.of(features)),
        Shape.of(count, features));
  }

  /** The group stays partial: the new queries attend to its keys and to the sum. */
  private List<Value> withinGroup(
      Scope s, Fresh fresh, Value bias, PartialGroup group, State past) {
    var keys = s.scatter(past.keys, group.indices(), fresh.quadK); // [b, g, k]
    var linearKeys = s.scatter(past.linearKeys, group.indices(), fresh.linK); // [b, g, k]
    var memory = past.memory.written(s, group, fresh.values);

    int size = attention.groupSize();
    var slotBias =
        s.reshape(bias, s.vector(size, -1), Shape.of(Dim.of(size), GroupMemory.SLOTS)); // [g, g]
    var queryBias = s.gather(slotBias, 0, group.slots()); // [b, n, g]
    var weights =
        attention.weights(
            s, fresh.quadQ, s.transpose(s.operand(keys), 0, 2, 1), queryBias); // [b, n, g]
    var out = memory.weighted(s, fresh.linQ, weights); // [b, n, e]
    return new State(keys, linearKeys, memory).with(out);
  }

  /** Complete groups are added to the sum; the last group, which may be empty, becomes partial. */
  private List<Value> acrossGroups(
      Scope s, Fresh fresh, Value bias, PartialGroup group, State past) {
    var groups = new GroupedSpan(s, group, attention.groupSize());
    var pastSum = past.memory.sum(s); // [b, k, e]
    var pastValues = past.memory.values(s); // [b, g, e]
    var keys = groups.append(s.operand(past.keys), fresh.quadK); // [b, m * g, k]
    var linearKeys = groups.append(s.operand(past.linearKeys), fresh.linK); // [b, m * g, k]
    var values = groups.append(pastValues, fresh.values); // [b, m * g, e]
    var grouped =
        new GroupAttention.Grouped(
            groups.split(groups.place(fresh.quadQ)),
            groups.split(groups.place(fresh.linQ)),
            groups.split(keys),
            groups.split(linearKeys),
            groups.split(values));

    var own = GroupAttention.ownSums(s, grouped); // [b, m, k, e]
    var sums = s.cumSum(s.concat(1, s.unsqueeze(pastSum, 1), own), 1); // [b, 1 + m, k, e]
    var before = s.slice(sums, 1, s.vector(0), groups.count(), groups.m()); // [b, m, k, e]
    var quadratic = attention.withinGroups(s, grouped, bias); // [b, m, g, e]
    var linear = s.matMul(grouped.linQ(), before); // [b, m, g, e]
    var memory =
        past.memory.next(s, groups.sumBeforePartialGroup(sums), groups.partialGroup(values));
    return new State(groups.partialGroup(keys), groups.partialGroup(linearKeys), memory)
        .with(groups.extractCall(s.add(quadratic, linear)));
  }
}
