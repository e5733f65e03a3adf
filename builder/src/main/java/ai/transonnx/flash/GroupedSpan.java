package ai.transonnx.flash;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.stream.LongStream;

/**
 * The open group and as many behind it as a call reaches into: m groups of g positions, in which
 * each sequence has its own place. The last position is always followed by a slot.
 */
final class GroupedSpan {
  private final Scope s;
  private final int size;
  private final Value count;
  private final Value places;
  private final Value full;
  private final Dim m;
  private final Dim slots;

  /**
   * The groups of a call.
   *
   * @param size of a group
   */
  GroupedSpan(Scope s, PartialGroup open, int size) {
    this.s = s;
    this.size = size;
    this.count = s.add(s.div(open.end(), s.vector(size)), s.vector(1)); // [1]
    this.places = open.places();
    var length = s.size(open.slots(), 1); // [1]
    this.full = s.div(s.add(open.offset(), length), s.scalar((long) size)); // [b]
    this.m = s.unknownDim();
    this.slots = s.unknownDim();
  }

  /** How many groups: int64 {@code [1]}. */
  Value count() {
    return count;
  }

  /** What {@link #count} is. */
  Dim m() {
    return m;
  }

  /** The call's {@code [b, n, f]} behind what the open group had {@code [b, g, f]}. */
  Value behind(Value past, Value fresh) {
    var missing = s.mul(s.sub(count, s.vector(1)), s.vector(size)); // [1]
    return s.scatter(s.padEnd(past, 1, missing, slots), places, fresh); // [b, m * g, f]
  }

  /** The call's {@code [b, n, f]} in its places, between zeros. */
  Value placed(Value fresh) {
    var all = s.mul(count, s.vector(size)); // [1]
    var sizes = s.concat(0, s.size(fresh, 0), all, s.vector(fresh.dim(2).size()));
    var zeros = s.expand(s.scalar(0f), sizes, fresh.shape().with(1, slots));
    return s.scatter(zeros, places, fresh); // [b, m * g, f]
  }

  /** {@code [b, m * g, f]} as {@code [b, m, g, f]}. */
  Value cut(Value x) {
    var shape = Shape.of(x.dim(0), m, Dim.of(size), x.dim(2));
    return s.reshape(x, s.vector(0, -1, size, x.dim(2).size()), shape);
  }

  /** The call's part of all groups' {@code [b, m, g, f]}: {@code [b, n, f]}. */
  Value ofCall(Value groups) {
    var features = groups.dim(3);
    var shape = Shape.of(groups.dim(0), slots, features);
    return s.gatherParts(s.reshape(groups, s.vector(0, -1, features.size()), shape), places);
  }

  /** The group that is open behind the call: {@code [b, g, f]} of {@code [b, m * g, f]}. */
  Value open(Value x) {
    var first = s.unsqueeze(s.mul(full, s.scalar((long) size)), 1); // [b, 1]
    var along = s.add(first, s.vector(LongStream.range(0, size).toArray())); // [b, g]
    return s.gatherParts(x, PartialGroup.places(s, along));
  }

  /** The running sum before that group: {@code [b, k, e]} of {@code [b, 1 + m, k, e]}. */
  Value last(Value sums) {
    return s.squeeze(s.gatherParts(sums, PartialGroup.places(s, s.unsqueeze(full, 1))), 1);
  }
}
