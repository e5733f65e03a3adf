package ai.transonnx.flash;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * FLASH's attention over a whole sequence: quadratic within each group and linear between groups,
 * so that the cost is linear in sequence length.
 *
 * @param causal whether a group attends to earlier groups only
 * @param sharedSum if not causal, whether a group attends to all groups or only to itself
 */
record GroupAttention(
    AttentionFunction function, int groupSize, boolean causal, boolean sharedSum) {
  /** A sequence split into groups: the queries and keys of both kinds of attention, and values. */
  record Grouped(Value quadQ, Value linQ, Value quadK, Value linK, Value values) {}

  /**
   * Applies attention.
   *
   * @param heads {@code [b, n, 4 * k]}: the queries of quadratic and linear attention, followed by
   *     the keys of both
   * @param values {@code [b, n, e]}, zero where a key is masked
   * @param bias {@code [group_size, group_size]}
   * @return {@code [b, n, e]}
   */
  Value of(Scope s, Value heads, Value values, Value bias) {
    var length = s.size(values, 1);
    var groups = SequenceGroups.of(s, length, groupSize);
    long k = heads.dim(2).size() / 4;
    var padded = s.split(groups.pad(s, heads), 2, k, k, k, k); // each [b, padded, k]
    var grouped =
        new Grouped(
            groups.split(s, padded.get(0)),
            groups.split(s, padded.get(1)),
            groups.split(s, padded.get(2)),
            groups.split(s, padded.get(3)),
            groups.split(s, groups.pad(s, values)));
    var quadratic = withinGroups(s, grouped, groups.crop(s, bias)); // [b, g, w, e]
    var linear = s.matMul(grouped.linQ(), sums(s, grouped, length)); // [b, g, w, e]
    var joined = groups.join(s, s.add(quadratic, linear)); // [b, padded, e]
    return s.slice(joined, 1, s.vector(0), length, values.dim(1)); // [b, n, e]
  }

  /** Applies quadratic attention within groups: {@code [b, g, w, e]}. */
  Value withinGroups(Scope s, Grouped x, Value bias) {
    return s.matMul(weights(s, x.quadQ(), s.transpose(x.quadK(), 0, 1, 3, 2), bias), x.values());
  }

  /**
   * Computes the weights of quadratic attention.
   *
   * @param queries {@code [..., i, k]}, divided by the group size
   * @param keys {@code [..., k, j]}
   * @param bias {@code [i, j]}
   * @return {@code [..., i, j]}
   */
  Value weights(Scope s, Value queries, Value keys, Value bias) {
    return function.of(s, s.add(s.matMul(queries, keys), bias));
  }

  /** Sums keys times values over each group: {@code [b, g, k, e]}. */
  static Value ownSums(Scope s, Grouped x) {
    return s.matMul(s.transpose(x.linK(), 0, 1, 3, 2), x.values());
  }

  /** The sums that the queries of each group attend to: {@code [b, g, k, e]}; g may be 1. */
  private Value sums(Scope s, Grouped x, Value length) {
    var own = ownSums(s, x);
    if (causal) {
      return s.sumOfPreceding(own, 1);
    }
    var visible = sharedSum ? s.keptSum(own, 1) : own; // [b, 1 or g, k, e]
    return s.div(visible, s.cast(length, s.wideType()));
  }
}
