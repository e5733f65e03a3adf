package ai.transonnx.internal.xtransformers;

import ai.transonnx.architecture.PastState;
import ai.transonnx.attention.CacheLayout;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.StateRole;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * The state of a call that continues where the previous call ended.
 *
 * @param pastState the state that layers read and write
 * @param position the number of positions before the call, within its segment if there are
 *     segments: int64 {@code [b]}
 * @param slots the slots of the KV cache
 * @param recurrence the segment-level recurrence, or null
 * @param isLast whether no other pass through the layers follows in the call
 */
record StepContext(
    PastState pastState,
    Value position,
    CacheLayout slots,
    @Nullable SegmentRecurrence recurrence,
    boolean isLast) {
  private static final String POSITION = "position";

  static StepContext of(PastState pastState, CacheLayout slots) {
    return new StepContext(pastState, pastPosition(pastState), slots, null, true);
  }

  static StepContext ofSegments(
      Scope scope, PastState pastState, StackPlan stack, WrapperPlan sequence) {
    var recurrence =
        SegmentRecurrence.of(scope, pastState, stack, sequence, pastPosition(pastState));
    return new StepContext(pastState, recurrence.position(), recurrence.slots(), recurrence, true);
  }

  private static Value pastPosition(PastState pastState) {
    return pastState.past(POSITION, StateRole.COUNTER, ElementType.INT64, Shape.SCALAR);
  }

  /** The state of an earlier pass through the layers, with names of its own. */
  StepContext ofPass(int pass) {
    var renamed = new PastState.Renamed(pastState, "pass_" + pass + "_");
    return new StepContext(renamed, position, slots, recurrence, false);
  }

  /**
   * Advances the position by the length of the call {@code [b, n, ...]}, after the last pass
   * through the layers.
   */
  void advance(Scope scope, Value x) {
    if (isLast) {
      pastState.present(POSITION, scope.add(position, scope.size(x, 1)));
    }
  }

  /** The past state of layers without attention, which does not extend beyond a segment. */
  PastState withinSegment(Scope scope) {
    return recurrence == null ? pastState : recurrence.withinSegment(scope);
  }

  /**
   * The absolute positions of the call.
   *
   * @param x {@code [b, n, ...]}
   * @return int64 {@code [b, n]}
   */
  Value positions(Scope scope, Value x) {
    return scope.add(scope.unsqueeze(position, 1), scope.range(scope.size(x, 1), x.dim(1)));
  }

  /** The positions of queries in attention, which are counted from the start of the memory. */
  Value queryPositions(Scope scope, Value x) {
    var own = positions(scope, x);
    return recurrence == null ? own : scope.add(own, recurrence.slots().length());
  }

  /** The positions of the keys that the call computes: int64 {@code [b, k]}. */
  Value keyPositions(Scope scope, Value x) {
    if (recurrence == null) {
      return positions(scope, x);
    }
    var count = scope.add(recurrence.slots().written(), scope.size(x, 1));
    var range = scope.range(count, recurrence.slots().writtenDim().plus(x.dim(1)));
    return scope.add(scope.unsqueeze(recurrence.keyOffset(scope), 1), range);
  }
}
