package ai.transonnx.internal.xtransformers;

import ai.transonnx.architecture.PastState;
import ai.transonnx.attention.CacheLayout;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * A call that goes on where the one before ended.
 *
 * @param history where layers find what they kept, and leave what they keep
 * @param position how many positions came before, of a segment if there are segments: int64 {@code
 *     [b]}
 * @param slots where keys and values are kept
 * @param recurrence of segments, or null
 */
record StepContext(
    PastState history, Value position, CacheLayout slots, @Nullable Recurrence recurrence) {
  private static final String POSITION = "position";

  static StepContext of(PastState history, CacheLayout slots) {
    return new StepContext(history, pastPosition(history), slots, null);
  }

  static StepContext ofSegments(
      Scope scope, PastState history, StackPlan stack, SequencePlan sequence) {
    var recurrence = Recurrence.of(scope, history, stack, sequence, pastPosition(history));
    return new StepContext(history, recurrence.position(), recurrence.slots(), recurrence);
  }

  private static Value pastPosition(PastState history) {
    return history.past(POSITION, ElementType.INT64, Shape.SCALAR);
  }

  /** The call's positions {@code [b, n, ...]} have been seen. */
  void advance(Scope scope, Value x) {
    history.present(POSITION, scope.add(position, scope.size(x, 1)));
  }

  /** Where layers that do not attend find what they kept of the positions before. */
  PastState local(Scope scope) {
    return recurrence == null ? history : recurrence.within(scope);
  }

  /**
   * The numbers of the call's positions.
   *
   * @param x {@code [b, n, ...]}
   * @return int64 {@code [b, n]}
   */
  Value positions(Scope scope, Value x) {
    return scope.add(scope.unsqueeze(position, 1), scope.range(scope.size(x, 1), x.dim(1)));
  }

  /** The same behind those of a memory, as attention counts them. */
  Value attending(Scope scope, Value x) {
    var own = positions(scope, x);
    return recurrence == null ? own : scope.add(own, recurrence.slots().length());
  }

  /** The numbers of the positions whose keys the call computes: int64 {@code [b, k]}. */
  Value attended(Scope scope, Value x) {
    if (recurrence == null) {
      return positions(scope, x);
    }
    var count = scope.add(recurrence.slots().written(), scope.size(x, 1));
    var range = scope.range(count, recurrence.slots().writtenDim().plus(x.dim(1)));
    return scope.add(scope.unsqueeze(recurrence.before(scope), 1), range);
  }
}
