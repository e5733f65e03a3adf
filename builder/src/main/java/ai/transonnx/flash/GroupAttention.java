package ai.transonnx.flash;

import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * FLASH's attention over a whole sequence: quadratic within each group, linear between groups, so
 * that the cost is linear in length.
 *
 * @param causal whether a group sees the sums of the groups before it, and not of all
 * @param reduced if not causal: whether all groups share one sum, and each has not just its own
 */
record GroupAttention(AttentionFunction function, int groupSize, boolean causal, boolean reduced) {
  /** The sequence in groups: the queries and keys of both attentions, and values. */
  record Grouped(Value quadQ, Value linQ, Value quadK, Value linK, Value values) {}

  /**
   * Attends.
   *
   * @param heads {@code [b, n, 4 * k]}: queries of the quadratic and the linear attention, then
   *     keys
   * @param values {@code [b, n, e]}, zero where a key is masked
   * @param bias {@code [group_size, group_size]}
   * @return {@code [b, n, e]}
   */
  Value of(Scope s, Value heads, Value values, Value bias) {
    var length = s.size(values, 1);
    var groups = Groups.of(s, length, groupSize);
    long k = heads.dim(2).size() / 4;
    var padded = s.split(groups.pad(s, heads), 2, k, k, k, k); // each [b, padded, k]
    var grouped =
        new Grouped(
            groups.cut(s, padded.get(0)),
            groups.cut(s, padded.get(1)),
            groups.cut(s, padded.get(2)),
            groups.cut(s, padded.get(3)),
            groups.cut(s, groups.pad(s, values)));
    var near = withinGroups(s, grouped, groups.corner(s, bias)); // [b, g, w, e]
    var far = s.matMul(grouped.linQ(), sums(s, grouped, length)); // [b, g, w, e]
    var joined = groups.join(s, s.add(near, far)); // [b, padded, e]
    return s.slice(joined, 1, s.vector(0), length, values.dim(1)); // [b, n, e]
  }

  /** The quadratic attention: {@code [b, g, w, e]}. */
  Value withinGroups(Scope s, Grouped x, Value bias) {
    return s.matMul(weights(s, x.quadQ(), s.transpose(x.quadK(), 0, 1, 3, 2), bias), x.values());
  }

  /**
   * The quadratic attention's weights.
   *
   * @param queries {@code [..., i, k]}, divided by the group size
   * @param keys {@code [..., k, j]}
   * @param bias {@code [i, j]}
   * @return {@code [..., i, j]}
   */
  Value weights(Scope s, Value queries, Value keys, Value bias) {
    return function.of(s, s.add(s.matMul(queries, keys), bias));
  }

  /** Each group's sum of keys times values: {@code [b, g, k, e]}. */
  static Value ownSums(Scope s, Grouped x) {
    return s.matMul(s.transpose(x.linK(), 0, 1, 3, 2), x.values());
  }

  /** The sums that the queries of each group see: {@code [b, g, k, e]}, or one for all groups. */
  private Value sums(Scope s, Grouped x, Value length) {
    var own = ownSums(s, x);
    if (causal) {
      return s.sumOfPreceding(own, 1);
    }
    var seen = reduced ? s.keptSum(own, 1) : own; // [b, 1 or g, k, e]
    return s.div(seen, s.cast(length, ElementType.FLOAT32));
  }
}
