package ai.transonnx.attention;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.StateRole;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Assigns the positions of a sequence to the slots of a {@link KeyValueCache}.
 *
 * <p>Learned memory keys have the first slots and positions; those of the sequence follow them.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 */
public sealed interface CacheLayout {
  /**
   * The positions of a call.
   *
   * @param scope the scope to build nodes in
   * @param position number of positions before the call: int64 {@code [b]}
   * @param count number of positions of the call: int64 {@code [1]}
   * @param n the dimension of the call's positions, {@code count}
   * @param weights number of learned memory keys
   */
  record Call(Scope scope, Value position, Value count, Dim n, int weights) {
    /** The call's positions, without learned memory: int64 {@code [b, n]}. */
    Value own() {
      return scope.add(scope.unsqueeze(position, 1), scope.range(count, n));
    }

    /** The number of positions after the call, of the longest row: int64 {@code [1]}. */
    Value end() {
      return scope.add(scope.keptMax(position, 0), count);
    }

    Value behindWeights(Value positions) {
      return weights == 0 ? positions : scope.add(positions, scope.scalar((long) weights));
    }

    /** {@code slots} where they belong to learned memory, {@code otherwise} elsewhere. */
    Value unlessWeights(Value slots, Value otherwise) {
      return weights == 0
          ? otherwise
          : scope.where(scope.less(slots, scope.scalar((long) weights)), slots, otherwise);
    }
  }

  /** The role of the buffers. */
  default StateRole role() {
    return StateRole.BUFFER;
  }

  /** The number of slots that the call needs, without learned memory: int64 {@code [1]}. */
  Value needed(Call call);

  /**
   * The maximum number of slots, without learned memory: int64 {@code [1]}, or null if unlimited.
   */
  default @Nullable Value most() {
    return null;
  }

  /** The slots that the call writes, without learned memory: int64 {@code [b, k]}. */
  Value written(Call call);

  /** The positions of the call's queries: int64 {@code [b, n]}. */
  default Value queries(Call call) {
    return call.behindWeights(call.own());
  }

  /** The number of keys before the first query of the sequence: int64 {@code [1]}. */
  default Value before(Call call) {
    return call.scope.vector(call.weights);
  }

  /**
   * The positions of the slots' keys. Unused slots have positions after all queries.
   *
   * @param slots int64 {@code [j]}: 0 to j - 1
   * @return int64 {@code [j]}, or {@code [b, j]}
   */
  Value keys(Call call, Value slots);

  /**
   * Whether each position so far has its own slot, in order, and no later query of the call is
   * outside of a window: bool {@code [1]}, or null if always.
   */
  @Nullable Value inOrder(Call call);

  /** Each position has its own slot, in order. */
  record Consecutive() implements CacheLayout {
    @Override
    public Value needed(Call call) {
      return call.end();
    }

    @Override
    public Value written(Call call) {
      return queries(call);
    }

    @Override
    public Value keys(Call call, Value slots) {
      return slots;
    }

    @Override
    public @Nullable Value inOrder(Call call) {
      return null;
    }
  }

  /**
   * A ring buffer for a sliding window: new positions overwrite the slots of positions that have
   * left the window. A call has at most {@code slots - window + 1} positions, unless all positions
   * so far fit into the slots.
   *
   * @param window number of positions that a query attends to, including its own: int64 {@code [1]}
   * @param slots number of slots, at least {@code window}: int64 {@code [1]}
   * @param role {@link StateRole#BUFFER} if the token loop decides whether there is a window
   */
  record Ring(Value window, Value slots, StateRole role) implements CacheLayout {
    @Override
    public Value needed(Call call) {
      return call.scope.min(call.end(), slots);
    }

    @Override
    public Value most() {
      return slots;
    }

    @Override
    public Value written(Call call) {
      return call.behindWeights(call.scope.mod(call.own(), slots));
    }

    @Override
    public Value inOrder(Call call) {
      return call.scope.lessOrEqual(call.end(), window);
    }

    /**
     * A slot has the last position that was written to it, or, if unused, the first that will be.
     */
    @Override
    public Value keys(Call call, Value slots) {
      var scope = call.scope;
      var own = call.weights == 0 ? slots : scope.sub(slots, scope.scalar((long) call.weights));
      var count = scope.unsqueeze(scope.add(call.position, call.count), 1); // [b, 1]
      var last = scope.sub(count, scope.scalar(1L));
      var back = scope.mod(scope.sub(last, own), this.slots); // [b, j]
      var positions = scope.sub(last, back); // [b, j]
      var isFree = scope.less(positions, scope.scalar(0L));
      var placed = scope.where(isFree, own, positions); // [b, j]
      return call.unlessWeights(slots, call.behindWeights(placed));
    }
  }

  /**
   * Positions of a memory, followed by those of a segment. The memory has a fixed range of slots; a
   * shorter memory uses the last slots of the range. The first call of a segment writes the
   * memory's slots together with its own.
   *
   * @param longest maximum length of the memory
   * @param length length of the memory: int64 {@code [1]}
   * @param written number of memory positions that the call writes, either all or 0: int64 {@code
   *     [1]}
   * @param writtenDim the dimension of written memory positions, {@code written}
   */
  record BehindMemory(long longest, Value length, Value written, Dim writtenDim)
      implements CacheLayout {
    @Override
    public Value needed(Call call) {
      return call.scope.add(call.end(), call.scope.vector(longest));
    }

    @Override
    public Value written(Call call) {
      var scope = call.scope;
      var count = scope.add(written, call.count);
      var first = scope.sub(scope.add(call.position, scope.scalar(longest)), written); // [b]
      var slots = scope.add(scope.unsqueeze(first, 1), scope.range(count, writtenDim.plus(call.n)));
      return call.behindWeights(slots);
    }

    @Override
    public Value inOrder(Call call) {
      return call.scope.cast(call.scope.vector(0), ElementType.BOOL);
    }

    @Override
    public Value queries(Call call) {
      return call.behindWeights(call.scope.add(call.own(), length));
    }

    @Override
    public Value before(Call call) {
      return call.behindWeights(length);
    }

    @Override
    public Value keys(Call call, Value slots) {
      var positions = call.scope.sub(slots, unused(call)); // [j]
      return call.unlessWeights(slots, positions);
    }

    /** A mask of the slots that is false for the unused slots of a memory: bool {@code [j]}. */
    Value visible(Call call, Value slots) {
      var scope = call.scope;
      var first = call.behindWeights(unused(call)); // [1]
      var isUsed = scope.greaterOrEqual(slots, first);
      return call.weights == 0
          ? isUsed
          : scope.or(scope.less(slots, scope.scalar((long) call.weights)), isUsed);
    }

    private Value unused(Call call) {
      return call.scope.sub(call.scope.vector(longest), length); // [1]
    }
  }
}
