package ai.transonnx.flash;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Where a call's positions stand in the group that is not full, the same in all layers. Each
 * sequence has its own place.
 *
 * @param offset positions of the group before the call: int64 {@code [b]}
 * @param slots of the call's positions, counted from the start of the group: int64 {@code [b, n]}
 * @param places of the slots in keys: int64 {@code [b, n, 2]}
 * @param behindSum of the slots where a sum stands before them: int64 {@code [b, n, 2]}
 * @param end the slot behind the last, of the sequence that is furthest: int64 {@code [1]}
 * @param staysOpen whether no sequence fills its group: bool {@code [1]}
 */
record PartialGroup(
    Value offset, Value slots, Value places, Value behindSum, Value end, Value staysOpen) {
  /**
   * The open group of a call.
   *
   * @param before how many positions came before: int64 {@code [b]}
   * @param sequence the call's {@code [b, n, ...]}
   */
  static PartialGroup of(Scope s, Value before, Value sequence, FlashConfig layer) {
    int groupSize = layer.groups().groupSize();
    long sumRows = layer.unit().queryKeyDim();
    var length = s.size(sequence, 1); // [1]
    var offset = s.mod(before, s.scalar((long) groupSize)); // [b]
    var steps = s.range(length, sequence.dim(1)); // [n]
    var slots = s.add(s.unsqueeze(offset, 1), steps); // [b, n]
    var end = s.add(s.keptMax(offset, 0), length); // [1]
    var places = places(s, slots); // [b, n, 2]
    return new PartialGroup(
        offset,
        slots,
        places,
        s.add(places, s.vector(0, sumRows)),
        end,
        s.less(end, s.vector(groupSize)));
  }

  /**
   * Places in a tensor {@code [b, ..]}.
   *
   * @param along int64 {@code [b, m]}: of each sequence's places along the second axis
   * @return int64 {@code [b, m, 2]}
   */
  static Value places(Scope s, Value along) {
    var rows = s.unsqueeze(s.range(s.size(along, 0), along.dim(0)), 1); // [b, 1]
    var everyRow = s.expand(rows, s.sizes(along, 0, 2), along.shape()); // [b, m]
    return s.concat(2, s.unsqueeze(everyRow, 2), s.unsqueeze(along, 2));
  }
}
