package ai.transonnx.flash;

import ai.transonnx.architecture.PastState;
import ai.transonnx.format.Dim;
import ai.transonnx.format.StateRole;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.List;

/**
 * FLASH's causal attention over the next chunk of a sequence. Its state contains the keys and
 * values of the partial group and one sum for all groups before it, so that the cost of a chunk
 * does not depend on its position.
 *
 * <p>The partial group has a slot for each of its positions. A chunk that does not fill the group
 * writes only its own slots, so that a runtime may update the state in place. A chunk that fills
 * the group changes all slots, so that it could not be repeated after a failure. Slots after the
 * last position contain outdated values, which the bias masks. The sum is stored before the values,
 * so that one matrix product reads both.
 *
 * @param layer the index of the layer, which names its state
 */
record IncrementalAttention(GroupAttention attention, int layer) {
  /** The number of slots of a group, which is fixed: the group size. */
  private static final Dim SLOTS = Dim.of("slots");

  /**
   * The state.
   *
   * @param keys the keys of quadratic attention {@code [b, g, k]}
   * @param linearKeys the keys of linear attention {@code [b, g, k]}
   * @param memory the sum, followed by the values {@code [b, k + g, e]}
   */
  private record State(Value keys, Value linearKeys, Value memory) {}

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
    var past =
        new State(
            past(s, pastState, "keys_", SLOTS, size, k),
            past(s, pastState, "linear_keys_", SLOTS, size, k),
            past(s, pastState, "memory_", SLOTS.plus(k), k + size, e));
    var parts = s.split(heads, 2, k, k, k, k); // each [b, n, k]
    var fresh = new Fresh(parts.get(0), parts.get(1), parts.get(2), parts.get(3), values);
    var results =
        s.ifElse(
            group.staysPartial(),
            List.of(values.type(), past.keys.type(), past.linearKeys.type(), past.memory.type()),
            within -> withinGroup(within, fresh, bias, group, past),
            across -> acrossGroups(across, fresh, bias, group, past));
    pastState.present("keys_" + layer, results.get(1));
    pastState.present("linear_keys_" + layer, results.get(2));
    pastState.present("memory_" + layer, results.get(3));
    return results.get(0);
  }

  private Value past(
      Scope s, PastState pastState, String name, Dim slots, long count, long features) {
    return pastState.past(
        name + layer,
        StateRole.GROUP,
        s.wideType(),
        Shape.of(slots, Dim.of(features)),
        Shape.of(count, features));
  }

  /** The group stays partial: the new queries attend to its keys and to the sum. */
  private List<Value> withinGroup(
      Scope s, Fresh fresh, Value bias, PartialGroup group, State past) {
    var keys = s.scatter(past.keys, group.indices(), fresh.quadK); // [b, g, k]
    var linearKeys = s.scatter(past.linearKeys, group.indices(), fresh.linK); // [b, g, k]
    var memory = s.scatter(past.memory, group.memoryIndices(), fresh.values); // [b, k + g, e]

    int size = attention.groupSize();
    var slotBias = s.reshape(bias, s.vector(size, -1), Shape.of(Dim.of(size), SLOTS)); // [g, g]
    var queryBias = s.gather(slotBias, 0, group.slots()); // [b, n, g]
    var weights =
        attention.weights(s, fresh.quadQ, s.transpose(keys, 0, 2, 1), queryBias); // [b, n, g]
    var out = s.matMul(s.concat(2, fresh.linQ, weights), memory); // [b, n, e]
    return List.of(out, keys, linearKeys, memory);
  }

  /** Complete groups are added to the sum; the last group, which may be empty, becomes partial. */
  private List<Value> acrossGroups(
      Scope s, Fresh fresh, Value bias, PartialGroup group, State past) {
    var groups = new GroupedSpan(s, group, attention.groupSize());
    long k = fresh.quadQ.dim(2).size();
    var start = s.vector(k);
    var pastSum = s.slice(past.memory, 1, s.vector(0), start, Dim.of(k)); // [b, k, e]
    var pastValues = s.slice(past.memory, 1, start, s.vector(Scope.END), SLOTS); // [b, g, e]
    var keys = groups.append(past.keys, fresh.quadK); // [b, m * g, k]
    var linearKeys = groups.append(past.linearKeys, fresh.linK); // [b, m * g, k]
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
    return List.of(
        groups.extractCall(s.add(quadratic, linear)),
        groups.partialGroup(keys),
        groups.partialGroup(linearKeys),
        s.concat(1, groups.sumBeforePartialGroup(sums), groups.partialGroup(values)));
  }
}
