package ai.transonnx.attention;

import ai.transonnx.format.Dim;
import ai.transonnx.format.StateTensor;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Buffers of equal capacity that a call writes to. If they are large enough, a call changes only
 * the slots that it writes, so a runtime may use the same memory for input and output. If they are
 * too small, they grow by more than needed.
 */
final class GrowingBuffers {
  /** The number of slots of a buffer. */
  static final Dim CAPACITY = StateTensor.CAPACITY;

  private static final Dim SLOTS = Dim.of("slots");

  /** The least number of spare slots after growing; an eighth of the used slots if that is more. */
  private static final int ROOM = 64;

  private final Value used;
  private final Value missing;
  private final Value fits;
  private final Value count;

  /**
   * The buffers of a call.
   *
   * @param capacity current number of slots: int64 {@code [1]}
   * @param used number of slots that are needed: int64 {@code [1]}
   * @param most maximum number of slots: int64 {@code [1]}, or null if unlimited
   */
  GrowingBuffers(Scope scope, Value capacity, Value used, @Nullable Value most) {
    this.used = used;
    var room = scope.max(scope.div(used, scope.vector(8)), scope.vector(ROOM));
    var spacious = scope.add(used, room); // [1]
    var grown = most == null ? spacious : scope.min(spacious, most);
    this.missing = scope.sub(grown, capacity); // [1]
    this.fits = scope.lessOrEqual(used, capacity); // [1]
    this.count = scope.where(fits, capacity, grown); // [1]
  }

  /** The number of slots that are needed: int64 {@code [1]}. */
  Value used() {
    return used;
  }

  /** Whether the buffers have as many slots as needed: bool {@code [1]}. */
  Value fits() {
    return fits;
  }

  /** The number of slots after the call: int64 {@code [1]}. */
  Value count() {
    return count;
  }

  /** The indices of the slots: int64 {@code [slots]}. */
  Value numbers(Scope scope) {
    return scope.range(count, SLOTS);
  }

  /**
   * Writes slots of buffers.
   *
   * @param past buffers with a dimension {@link #CAPACITY}
   * @param fresh the values to write to each buffer
   * @param where the indices for {@link Scope#scatter}, the same for all buffers
   * @return the buffers after the call
   */
  List<Value> write(Scope scope, List<Value> past, List<Value> fresh, Value where) {
    var types = past.stream().map(GrowingBuffers::extended).toList();
    return scope.ifElse(
        fits,
        types,
        inner -> write(inner, past, fresh, where, value -> value),
        inner -> write(inner, past, fresh, where, value -> grown(inner, value)));
  }

  private static List<Value> write(
      Scope scope,
      List<Value> past,
      List<Value> fresh,
      Value where,
      Function<Value, Value> prepared) {
    var all = new ArrayList<Value>();
    for (int i = 0; i < past.size(); i++) {
      all.add(scope.scatter(prepared.apply(past.get(i)), where, fresh.get(i)));
    }
    return all;
  }

  /** A buffer with {@link #count} slots. */
  Value grown(Scope scope, Value buffer) {
    return scope.padEnd(buffer, axis(buffer), missing, SLOTS);
  }

  /** The type of a buffer after the call. */
  static TensorType extended(Value buffer) {
    return new TensorType(buffer.elements(), buffer.shape().with(axis(buffer), SLOTS));
  }

  private static int axis(Value buffer) {
    return buffer.shape().dims().indexOf(CAPACITY);
  }
}
