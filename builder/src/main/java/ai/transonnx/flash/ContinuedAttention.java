package ai.transonnx.flash;

import ai.transonnx.architecture.History;
import ai.transonnx.graph.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.List;

/**
 * FLASH's causal attention over the next piece of a sequence. It remembers the keys and values of
 * the group that is not yet full, and one sum for all groups before it, so that a piece costs the
 * same wherever it stands.
 *
 * @param layer the number of the layer, which names its state
 */
record ContinuedAttention(GroupAttention attention, int layer) {
  private static final Dim OPEN = Dim.of("group_past");

  /** What a call remembers. */
  private record State(Value keys, Value values, Value sum) {}

  /**
   * Attends.
   *
   * @param heads {@code [b, 4, n, k]}: queries of the quadratic and the linear attention, then keys
   * @param values {@code [b, n, e]}, zero where a key is masked
   * @param bias {@code [group_size, group_size]}
   * @return {@code [b, n, e]}
   */
  Value of(Scope s, Value heads, Value values, Value bias, History history) {
    long k = heads.dim(3).size();
    long e = values.dim(2).size();
    var float32 = values.elements();
    var past =
        new State(
            history.past(
                "keys_" + layer,
                float32,
                Shape.of(Dim.of(2), OPEN, Dim.of(k)),
                Shape.of(2, 0, k)), // [b, 2, p, k]
            history.past(
                "values_" + layer, float32, Shape.of(OPEN, Dim.of(e)), Shape.of(0, e)), // [b, p, e]
            history.past("sum_" + layer, float32, Shape.of(k, e))); // [b, k, e]
    var queries = s.slice(heads, 1, 0, 2); // [b, 2, n, k]
    var keys = s.slice(heads, 1, 2, 4); // [b, 2, n, k]
    var length = s.add(s.size(past.values(), 1), s.size(values, 1)); // [1]
    var open = s.unknownDim();
    var results =
        s.choose(
            s.less(length, s.vector(attention.groupSize())),
            List.of(
                values.type(),
                new TensorType(float32, past.keys().shape().with(2, open)),
                new TensorType(float32, past.values().shape().with(1, open)),
                past.sum().type()),
            one -> withinGroup(one, queries, keys, values, bias, past),
            more -> acrossGroups(more, queries, keys, values, bias, past));
    history.present("keys_" + layer, results.get(1));
    history.present("values_" + layer, results.get(2));
    history.present("sum_" + layer, results.get(3));
    return results.get(0);
  }

  /** The group stays open: the new queries see its keys, and the sum. */
  private List<Value> withinGroup(
      Scope s, Value queries, Value newKeys, Value newValues, Value bias, State past) {
    var keys = s.concat(2, past.keys(), newKeys); // [b, 2, p + n, k]
    var values = s.concat(1, past.values(), newValues); // [b, p + n, e]
    var query = Heads.of(s, queries); // each [b, n, k]
    var quadK = Heads.of(s, keys).get(0); // [b, p + n, k]

    var from = s.size(past.values(), 1);
    var to = s.size(values, 1);
    var rows = s.slice(bias, 0, from, to, newValues.dim(1));
    var seen = s.slice(rows, 1, s.vector(0), to, values.dim(1)); // [n, p + n]
    var weights = attention.weights(s, query.get(0), s.transpose(quadK, 0, 2, 1), seen);
    var near = s.matMul(weights, values); // [b, n, e]
    var far = s.matMul(query.get(1), past.sum()); // [b, n, e]
    return List.of(s.add(near, far), keys, values, s.copy(past.sum()));
  }

  /** Groups are filled: they enter the sum, and the last one, maybe empty, is open. */
  private List<Value> acrossGroups(
      Scope s, Value queries, Value newKeys, Value newValues, Value bias, State past) {
    var keys = s.concat(2, past.keys(), newKeys); // [b, 2, p + n, k]
    var values = s.concat(1, past.values(), newValues); // [b, p + n, e]
    var before = s.size(past.values(), 1);
    var length = s.size(values, 1);
    var groups = Groups.of(s, length, attention.groupSize());
    var paddedQueries = s.pad(queries, 2, before, groups.padding(), groups.padded());
    var query = Heads.of(s, paddedQueries); // each [b, padded, k]
    var key = Heads.of(s, groups.padHeads(s, keys)); // each [b, padded, k]
    var grouped =
        new GroupAttention.Grouped(
            groups.cut(s, query.get(0)),
            groups.cut(s, query.get(1)),
            groups.cut(s, key.get(0)),
            groups.cut(s, key.get(1)),
            groups.cut(s, groups.pad(s, values)));

    var own = GroupAttention.ownSums(s, grouped); // [b, g, k, e]
    var sums = s.cumSum(s.concat(1, s.unsqueeze(past.sum(), 1), own), 1); // [b, 1 + g, k, e]
    var seen = s.slice(sums, 1, s.vector(0), groups.count(), groups.g()); // [b, g, k, e]
    var near = attention.withinGroups(s, grouped, groups.corner(s, bias)); // [b, g, w, e]
    var far = s.matMul(grouped.linQ(), seen); // [b, g, w, e]
    var joined = groups.join(s, s.add(near, far)); // [b, padded, e]
    var out = s.slice(joined, 1, before, length, newValues.dim(1)); // [b, n, e]

    var full = s.div(length, s.vector(attention.groupSize())); // [1]
    var filled = s.mul(full, s.vector(attention.groupSize()));
    var end = s.vector(Scope.END);
    var sum = s.slice(sums, 1, full, s.add(full, s.vector(1)), Dim.of(1)); // [b, 1, k, e]
    return List.of(
        out,
        s.slice(keys, 2, filled, end, s.unknownDim()),
        s.slice(values, 1, filled, end, s.unknownDim()),
        s.squeeze(sum, 1));
  }
}
