package ai.transonnx.flash;

import ai.transonnx.architecture.PastState;
import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.StateRole;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.List;

/**
 * FLASH's causal attention over the next piece of a sequence. It remembers the keys and values of
 * the group that is not yet full, and one sum for all groups before it, so that a piece costs the
 * same wherever it stands.
 *
 * <p>The group has a slot for each of its positions. A piece that stays in it writes its own slots
 * and changes nothing else, so that a runtime may use one memory for what goes in and comes out;
 * one that fills it changes all slots, so that it could not be made again if it failed. Slots
 * behind the last position hold what has been there: the bias hides them. The sum stands before the
 * values, so that one product sees both.
 *
 * @param layer the number of the layer, which names its state
 */
record ContinuedAttention(GroupAttention attention, int layer) {
  /** The number of slots of a group, which is fixed: the group size. */
  private static final Dim SLOTS = Dim.of("slots");

  /**
   * What a call remembers.
   *
   * @param keys of the quadratic attention {@code [b, g, k]}
   * @param linearKeys {@code [b, g, k]}
   * @param memory the sum and the values {@code [b, k + g, e]}
   */
  private record State(Value keys, Value linearKeys, Value memory) {}

  /** The call's own: queries and keys {@code [b, n, k]}, values {@code [b, n, e]}. */
  private record Fresh(Value quadQ, Value linQ, Value quadK, Value linK, Value values) {}

  /**
   * Attends.
   *
   * @param heads {@code [b, n, 4 * k]}: queries of the quadratic and the linear attention, then
   *     keys
   * @param given the values {@code [b, n, e]}, zero where a key is masked
   * @param bias {@code [group_size, group_size]}
   * @return {@code [b, n, e]}
   */
  Value of(Scope s, Value heads, Value given, Value bias, PartialGroup group, PastState history) {
    var values = s.widen(given);
    long k = heads.dim(2).size() / 4;
    long e = values.dim(2).size();
    int size = attention.groupSize();
    var past =
        new State(
            past(history, "keys_", SLOTS, size, k),
            past(history, "linear_keys_", SLOTS, size, k),
            past(history, "memory_", SLOTS.plus(k), k + size, e));
    var parts = s.split(heads, 2, k, k, k, k); // each [b, n, k]
    var fresh = new Fresh(parts.get(0), parts.get(1), parts.get(2), parts.get(3), values);
    var results =
        s.ifElse(
            group.staysOpen(),
            List.of(values.type(), past.keys.type(), past.linearKeys.type(), past.memory.type()),
            one -> withinGroup(one, fresh, bias, group, past),
            more -> acrossGroups(more, fresh, bias, group, past));
    history.present("keys_" + layer, results.get(1));
    history.present("linear_keys_" + layer, results.get(2));
    history.present("memory_" + layer, results.get(3));
    return results.get(0);
  }

  private Value past(PastState history, String name, Dim slots, long count, long features) {
    return history.past(
        name + layer,
        StateRole.GROUP,
        ElementType.FLOAT32,
        Shape.of(slots, Dim.of(features)),
        Shape.of(count, features));
  }

  /** The group stays open: the new queries see its keys, and the sum. */
  private List<Value> withinGroup(
      Scope s, Fresh fresh, Value bias, PartialGroup group, State past) {
    var keys = s.scatter(past.keys, group.places(), fresh.quadK); // [b, g, k]
    var linearKeys = s.scatter(past.linearKeys, group.places(), fresh.linK); // [b, g, k]
    var memory = s.scatter(past.memory, group.behindSum(), fresh.values); // [b, k + g, e]

    int size = attention.groupSize();
    var ofSlots = s.reshape(bias, s.vector(size, -1), Shape.of(Dim.of(size), SLOTS)); // [g, g]
    var seen = s.gather(ofSlots, 0, group.slots()); // [b, n, g]
    var weights = attention.weights(s, fresh.quadQ, s.transpose(keys, 0, 2, 1), seen); // [b, n, g]
    var out = s.matMul(s.concat(2, fresh.linQ, weights), memory); // [b, n, e]
    return List.of(out, keys, linearKeys, memory);
  }

  /** Groups are filled: they enter the sum, and the last one, maybe empty, is open. */
  private List<Value> acrossGroups(
      Scope s, Fresh fresh, Value bias, PartialGroup group, State past) {
    var groups = new GroupedSpan(s, group, attention.groupSize());
    long k = fresh.quadQ.dim(2).size();
    var start = s.vector(k);
    var pastSum = s.slice(past.memory, 1, s.vector(0), start, Dim.of(k)); // [b, k, e]
    var pastValues = s.slice(past.memory, 1, start, s.vector(Scope.END), SLOTS); // [b, g, e]
    var keys = groups.behind(past.keys, fresh.quadK); // [b, m * g, k]
    var linearKeys = groups.behind(past.linearKeys, fresh.linK); // [b, m * g, k]
    var values = groups.behind(pastValues, fresh.values); // [b, m * g, e]
    var grouped =
        new GroupAttention.Grouped(
            groups.cut(groups.placed(fresh.quadQ)),
            groups.cut(groups.placed(fresh.linQ)),
            groups.cut(keys),
            groups.cut(linearKeys),
            groups.cut(values));

    var own = GroupAttention.ownSums(s, grouped); // [b, m, k, e]
    var sums = s.cumSum(s.concat(1, s.unsqueeze(pastSum, 1), own), 1); // [b, 1 + m, k, e]
    var before = s.slice(sums, 1, s.vector(0), groups.count(), groups.m()); // [b, m, k, e]
    var near = attention.withinGroups(s, grouped, bias); // [b, m, g, e]
    var far = s.matMul(grouped.linQ(), before); // [b, m, g, e]
    return List.of(
        groups.ofCall(s.add(near, far)),
        groups.open(keys),
        groups.open(linearKeys),
        s.concat(1, groups.last(sums), groups.open(values)));
  }
}
