package ai.transonnx.flash;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.stream.LongStream;

/**
 * The groups that a call spans: the partial group and those after it, m groups of g positions. Each
 * sequence may start at another position. At least one slot follows the last position.
 */
final class GroupedSpan {
  private final Scope s;
  private final int size;
  private final Value count;
  private final Value indices;
  private final Value completeGroups;
  private final Dim m;
  private final Dim slots;

  /**
   * Creates the groups of a call.
   *
   * @param size the group size
   */
  GroupedSpan(Scope s, PartialGroup partialGroup, int size) {
    this.s = s;
    this.size = size;
    this.count = s.add(s.div(partialGroup.end(), s.vector(size)), s.vector(1)); // [1]
    this.indices = partialGroup.indices();
    var length = s.size(partialGroup.slots(), 1); // [1]
    this.completeGroups = s.div(s.add(partialGroup.offset(), length), s.scalar((long) size)); // [b]
    this.m = s.unknownDim();
    this.slots = s.unknownDim();
  }

  /** The number of groups: int64 {@code [1]}. */
  Value count() {
    return count;
  }

  /** The number of groups as a dimension. */
  Dim m() {
    return m;
  }

  /** Appends new positions {@code [b, n, f]} to those of the partial group {@code [b, g, f]}. */
  Value append(Value past, Value fresh) {
    var missing = s.mul(s.sub(count, s.vector(1)), s.vector(size)); // [1]
    return s.scatter(s.padEnd(past, 1, missing, slots), indices, fresh); // [b, m * g, f]
  }

  /** Writes new positions {@code [b, n, f]} to their slots; all other slots are zero. */
  Value place(Value fresh) {
    var all = s.mul(count, s.vector(size)); // [1]
    var sizes = s.concat(0, s.size(fresh, 0), all, s.vector(fresh.dim(2).size()));
    var zeros = s.expand(s.scalar(0f), sizes, fresh.shape().with(1, slots));
    return s.scatter(zeros, indices, fresh); // [b, m * g, f]
  }

  /** Reshapes {@code [b, m * g, f]} to {@code [b, m, g, f]}. */
  Value split(Value x) {
    var shape = Shape.of(x.dim(0), m, Dim.of(size), x.dim(2));
    return s.reshape(x, s.vector(0, -1, size, x.dim(2).size()), shape);
  }

  /**
   * Extracts the positions of the call, {@code [b, n, f]}, from all groups {@code [b, m, g, f]}.
   */
  Value extractCall(Value groups) {
    var features = groups.dim(3);
    var shape = Shape.of(groups.dim(0), slots, features);
    return s.gatherParts(s.reshape(groups, s.vector(0, -1, features.size()), shape), indices);
  }

  /** Extracts the partial group after the call, {@code [b, g, f]}, from {@code [b, m * g, f]}. */
  Value partialGroup(Value x) {
    var first = s.unsqueeze(s.mul(completeGroups, s.scalar((long) size)), 1); // [b, 1]
    var along = s.add(first, s.vector(LongStream.range(0, size).toArray())); // [b, g]
    return s.gatherParts(x, PartialGroup.indices(s, along));
  }

  /**
   * Extracts the cumulative sum before that group, {@code [b, k, e]}, from {@code [b, 1 + m, k,
   * e]}.
   */
  Value sumBeforePartialGroup(Value sums) {
    return s.squeeze(
        s.gatherParts(sums, PartialGroup.indices(s, s.unsqueeze(completeGroups, 1))), 1);
  }
}
