package ai.transonnx.attention;

import ai.transonnx.format.Dim;
import ai.transonnx.format.StateRole;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Which slots of a {@link KeyValueCache} the positions of a sequence have.
 *
 * <p>Keys that are weights have the first slots and positions; all others are counted behind them.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 */
public sealed interface CacheLayout {
  /**
   * The positions of a call.
   *
   * @param position how many positions came before it: int64 {@code [b]}
   * @param count how many it has: int64 {@code [1]}
   * @param n what {@code count} is when the model runs
   * @param weights how many keys are weights
   */
  record Call(Scope scope, Value position, Value count, Dim n, int weights) {
    /** The numbers of its positions: int64 {@code [b, n]}. */
    Value own() {
      return scope.add(scope.unsqueeze(position, 1), scope.range(count, n));
    }

    /** Its last position, of the row that is furthest: int64 {@code [1]}. */
    Value end() {
      return scope.add(scope.keptMax(position, 0), count);
    }

    Value behindWeights(Value positions) {
      return weights == 0 ? positions : scope.add(positions, scope.scalar((long) weights));
    }

    /** Numbers of slots that belong to weights, or others that do not. */
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

  /** How many slots must be there, without those of weights: int64 {@code [1]}. */
  Value needed(Call call);

  /** The most slots there ever are, without those of weights: int64 {@code [1]}, or null. */
  default @Nullable Value most() {
    return null;
  }

  /** The slots that the call writes, without those of weights: int64 {@code [b, k]}. */
  Value written(Call call);

  /** The positions of the call's queries: int64 {@code [b, n]}. */
  default Value queries(Call call) {
    return call.behindWeights(call.own());
  }

  /** How many positions stand before the first query of all: int64 {@code [1]}. */
  default Value before(Call call) {
    return call.scope.vector(call.weights);
  }

  /**
   * The positions of the slots' keys. Slots that no position has yet are behind all queries.
   *
   * @param slots int64 {@code [j]}: 0 to j - 1
   * @return int64 {@code [j]}, or {@code [b, j]}
   */
  Value keys(Call call, Value slots);

  /** Each position has a slot of its own, one behind the other. */
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
  }

  /**
   * The last positions have a slot each, which they take over from those too far back to be seen. A
   * call has at most {@code slots - window + 1} positions, unless all so far have a slot each.
   *
   * @param window how many positions a query sees, its own among them: int64 {@code [1]}
   * @param slots at least {@code window}: int64 {@code [1]}
   * @param role {@link StateRole#BUFFER} if the loop decides whether there is a window
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

    /** A slot has the last position that falls on it; of those still to come, the first. */
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
   * Positions of a memory stand before those of a segment. The memory has the same slots however
   * long it is, the last of them; when a segment begins, the call writes them with its own.
   *
   * @param longest how many positions a memory may have
   * @param length how many the memory has: int64 {@code [1]}
   * @param written how many the call writes, all or none: int64 {@code [1]}
   * @param writtenDim what {@code written} is when the model runs
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

    /** Which slots are not those of a memory that is shorter than it may be: bool {@code [j]}. */
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
