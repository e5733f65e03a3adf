package ai.transonnx.flash;

import ai.transonnx.architecture.PastState;
import ai.transonnx.format.Dim;
import ai.transonnx.format.StateRole;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.List;

/**
 * The factors of a group's attention weights: the sum of all complete groups, which linear
 * attention reads, and the values of the partial group.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 */
sealed interface GroupMemory {
  /** The number of slots of a group, which is fixed: the group size. */
  Dim SLOTS = Dim.of("slots");

  /**
   * The sizes of a memory.
   *
   * @param rows number of rows of the sum
   * @param slots number of values, the group size
   * @param features number of features of both
   */
  record Sizes(long rows, long slots, long features) {}

  /** The memory before a call. A cache of another type keeps the values apart from the sum. */
  static GroupMemory past(
      Scope s, PastState state, int layer, Sizes sizes, PartialGroup partialGroup) {
    var features = Dim.of(sizes.features);
    if (s.cacheType() == s.wideType()) {
      var all =
          state.past(
              "memory_" + layer,
              StateRole.GROUP,
              s.wideType(),
              Shape.of(SLOTS.plus(sizes.rows), features),
              Shape.of(sizes.rows + sizes.slots, sizes.features));
      var indices = s.add(partialGroup.indices(), s.vector(0, sizes.rows)); // [b, n, 2]
      return new Joined(all, sizes.rows, indices);
    }
    var sum = Shape.of(sizes.rows, sizes.features);
    return new Separate(
        state.past("sum_" + layer, StateRole.GROUP, s.wideType(), sum, sum),
        state.past(
            "values_" + layer,
            StateRole.GROUP,
            s.cacheType(),
            Shape.of(SLOTS, features),
            Shape.of(sizes.slots, sizes.features)));
  }

  /** The state tensors. */
  List<Value> tensors();

  /** The names of the state tensors. */
  List<String> names(int layer);

  /** The sum: {@code [b, k, e]}. */
  Value sum(Scope s);

  /** The values: {@code [b, g, e]}. */
  Value values(Scope s);

  /**
   * The memory after a call that does not fill the group.
   *
   * @param fresh the values of the call's positions: {@code [b, n, e]}
   */
  GroupMemory written(Scope s, PartialGroup group, Value fresh);

  /** The memory of another group: {@code [b, k, e]} and {@code [b, g, e]}. */
  GroupMemory next(Scope s, Value sum, Value values);

  /**
   * The sum and the values, weighted.
   *
   * @param ofSum {@code [b, n, k]}
   * @param ofValues {@code [b, n, g]}
   * @return {@code [b, n, e]}
   */
  Value weighted(Scope s, Value ofSum, Value ofValues);

  /**
   * The sum, followed by the values, so that one matrix product reads both.
   *
   * @param all {@code [b, k + g, e]}
   * @param rows the number of rows of the sum, k
   * @param indices the indices of the call's values: int64 {@code [b, n, 2]}
   */
  record Joined(Value all, long rows, Value indices) implements GroupMemory {
    @Override
    public List<Value> tensors() {
      return List.of(all);
    }

    @Override
    public List<String> names(int layer) {
      return List.of("memory_" + layer);
    }

    @Override
    public Value sum(Scope s) {
      return s.slice(all, 1, s.vector(0), s.vector(rows), Dim.of(rows));
    }

    @Override
    public Value values(Scope s) {
      return s.slice(all, 1, s.vector(rows), s.vector(Scope.END), SLOTS);
    }

    @Override
    public GroupMemory written(Scope s, PartialGroup group, Value fresh) {
      return new Joined(s.scatter(all, indices, fresh), rows, indices);
    }

    @Override
    public GroupMemory next(Scope s, Value sum, Value values) {
      return new Joined(s.concat(1, sum, values), rows, indices);
    }

    @Override
    public Value weighted(Scope s, Value ofSum, Value ofValues) {
      return s.matMul(s.concat(2, ofSum, ofValues), all);
    }
  }

  /**
   * The sum in the wide type, and the values in the type of the cache.
   *
   * @param sum {@code [b, k, e]}
   * @param values {@code [b, g, e]}
   */
  record Separate(Value sum, Value values) implements GroupMemory {
    @Override
    public List<Value> tensors() {
      return List.of(sum, values);
    }

    @Override
    public List<String> names(int layer) {
      return List.of("sum_" + layer, "values_" + layer);
    }

    @Override
    public Value sum(Scope s) {
      return sum;
    }

    @Override
    public Value values(Scope s) {
      return s.operand(values);
    }

    @Override
    public GroupMemory written(Scope s, PartialGroup group, Value fresh) {
      return new Separate(s.copy(sum), s.scatter(values, group.indices(), fresh));
    }

    @Override
    public GroupMemory next(Scope s, Value nextSum, Value nextValues) {
      return new Separate(nextSum, nextValues);
    }

    @Override
    public Value weighted(Scope s, Value ofSum, Value ofValues) {
      return s.add(s.matMul(ofSum, sum), s.matMul(ofValues, values));
    }
  }
}
