package ai.transonnx.attention;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Buffers of one capacity that a call writes to. Where they are large enough, a call changes what
 * it writes and nothing else, so that a runtime may use one memory for what goes in and comes out;
 * those that are too small grow by more than is missing.
 */
final class GrowingBuffers {
  /** The number of slots of a buffer. */
  static final Dim CAPACITY = Dim.of("capacity");

  private static final Dim SLOTS = Dim.of("slots");

  /** How many slots a buffer has to spare when it has grown: so many, or its eighth part. */
  private static final int ROOM = 64;

  private final Value used;
  private final Value missing;
  private final Value fits;
  private final Value count;

  /**
   * Buffers of a call.
   *
   * @param capacity how many slots they have: int64 {@code [1]}
   * @param used how many they must have: int64 {@code [1]}
   * @param most how many they may ever have: int64 {@code [1]}, or null
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

  /** How many slots are needed: int64 {@code [1]}. */
  Value used() {
    return used;
  }

  /** How many slots there are when the call has ended: int64 {@code [1]}. */
  Value count() {
    return count;
  }

  /** Their numbers: int64 {@code [slots]}. */
  Value numbers(Scope scope) {
    return scope.range(count, SLOTS);
  }

  /**
   * Writes parts to buffers.
   *
   * @param past buffers with a dimension {@link #CAPACITY}
   * @param fresh what each is to have
   * @param where as {@link Scope#scatter} takes it, of all alike
   * @return the buffers as the call leaves them
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

  private Value grown(Scope scope, Value buffer) {
    return scope.padEnd(buffer, axis(buffer), missing, SLOTS);
  }

  private static TensorType extended(Value buffer) {
    return new TensorType(buffer.elements(), buffer.shape().with(axis(buffer), SLOTS));
  }

  private static int axis(Value buffer) {
    return buffer.shape().dims().indexOf(CAPACITY);
  }
}
