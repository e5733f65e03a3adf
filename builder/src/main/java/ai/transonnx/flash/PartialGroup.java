package ai.transonnx.flash;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * The location of a call's positions relative to the partial group. It is the same in all layers,
 * but may differ between sequences.
 *
 * @param offset the number of positions of the group before the call: int64 {@code [b]}
 * @param slots the slots of the call's positions, counted from the start of the group: int64 {@code
 *     [b, n]}
 * @param indices the indices of these slots in keys: int64 {@code [b, n, 2]}
 * @param end the greatest slot of all sequences, plus 1: int64 {@code [1]}
 * @param staysPartial whether no sequence fills its group: bool {@code [1]}
 */
record PartialGroup(Value offset, Value slots, Value indices, Value end, Value staysPartial) {
  /**
   * Creates the partial group of a call.
   *
   * @param pastLength the number of positions before the call: int64 {@code [b]}
   * @param sequence the new positions {@code [b, n, ...]}
   */
  static PartialGroup of(Scope s, Value pastLength, Value sequence, FlashConfig layer) {
    int groupSize = layer.groups().groupSize();
    var length = s.size(sequence, 1); // [1]
    var offset = s.mod(pastLength, s.scalar((long) groupSize)); // [b]
    var steps = s.range(length, sequence.dim(1)); // [n]
    var slots = s.add(s.unsqueeze(offset, 1), steps); // [b, n]
    var end = s.add(s.keptMax(offset, 0), length); // [1]
    var indices = indices(s, slots); // [b, n, 2]
    return new PartialGroup(offset, slots, indices, end, s.less(end, s.vector(groupSize)));
  }

  /**
   * Computes indices into a tensor {@code [b, ...]}.
   *
   * @param along the indices of each sequence along the second axis: int64 {@code [b, m]}
   * @return int64 {@code [b, m, 2]}
   */
  static Value indices(Scope s, Value along) {
    var rows = s.unsqueeze(s.range(s.size(along, 0), along.dim(0)), 1); // [b, 1]
    var everyRow = s.expand(rows, s.sizes(along, 0, 2), along.shape()); // [b, m]
    return s.concat(2, s.unsqueeze(everyRow, 2), s.unsqueeze(along, 2));
  }
}
