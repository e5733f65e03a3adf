package ai.transonnx.internal.xtransformers;

import ai.transonnx.architecture.PastState;
import ai.transonnx.attention.CacheLayout;
import ai.transonnx.attention.KeyValueCache;
import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.StateRole;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Segment-level recurrence as in Transformer-XL. Each segment of a text attends to a memory, the
 * layers' inputs in earlier segments. A call that finds its segment full starts the next one: it
 * appends the segment to the memory, truncates the memory to its last positions, and restarts
 * positions at 0.
 *
 * <p>One buffer stores the layers' inputs, in the same slots as the KV cache. A call that starts a
 * segment reads the memory from this buffer, shifts it down the layers as the library does,
 * recomputes its keys and values, and writes it to the slots of the memory.
 *
 * @see <a href="https://arxiv.org/abs/1901.02860">Transformer-XL</a>
 */
final class SegmentRecurrence {
  private static final String HIDDENS = "hiddens";
  private static final String MEMORY = "memory";

  private final PastState pastState;
  private final Value position;
  private final Value startsSegment;
  private final CacheLayout.BehindMemory slots;
  private final Value buffer;
  private final List<Value> memories;

  private SegmentRecurrence(
      PastState pastState,
      Value position,
      Value startsSegment,
      CacheLayout.BehindMemory slots,
      Value buffer,
      List<Value> memories) {
    this.pastState = pastState;
    this.position = position;
    this.startsSegment = startsSegment;
    this.slots = slots;
    this.buffer = buffer;
    this.memories = List.copyOf(memories);
  }

  /**
   * The recurrence of a call.
   *
   * @param position the number of positions of the segment before the call: int64 {@code [b]}
   */
  static SegmentRecurrence of(
      Scope scope, PastState pastState, StackPlan stack, WrapperPlan sequence, Value position) {
    long segment = (long) sequence.memoryTokens() + sequence.maxLength();
    long most = sequence.memoryLength();
    var startsSegment =
        scope.greaterOrEqual(scope.keptMax(position, 0), scope.vector(segment)); // [1]
    var past =
        scope.keptMax(
            pastState.past(MEMORY, StateRole.COUNTER, ElementType.INT64, Shape.SCALAR), 0); // [1]
    var joined = scope.min(scope.add(past, scope.vector(segment)), scope.vector(most));
    var length = scope.where(startsSegment, joined, past); // [1]
    var taken = scope.where(startsSegment, joined, scope.vector(0)); // [1]
    var slots = new CacheLayout.BehindMemory(most, length, taken, scope.unknownDim());
    int layers = stack.selfAttentions();
    long dim = stack.dim();
    var row = Shape.of(KeyValueCache.CAPACITY, Dim.of(layers * dim));
    var buffer = pastState.past(HIDDENS, StateRole.BUFFER, scope.wideType(), row);
    var end = scope.vector(stack.self().memoryKeys() + most + segment);
    var all = scope.slice(buffer, 1, scope.sub(end, taken), end, slots.writtenDim());
    var each = layers == 1 ? List.of(all) : scope.split(all, 2, sizes(layers, dim));
    return new SegmentRecurrence(
        pastState,
        scope.where(startsSegment, scope.vector(0), position),
        startsSegment,
        slots,
        buffer,
        TokenTransformer.shiftedDown(each, sequence.memoryShift()));
  }

  private static long[] sizes(int layers, long dim) {
    return IntStream.range(0, layers).mapToLong(layer -> dim).toArray();
  }

  /** The number of positions of the segment before the call: int64 {@code [b]}. */
  Value position() {
    return position;
  }

  /** The cache slots of the memory and the segment. */
  CacheLayout.BehindMemory slots() {
    return slots;
  }

  /**
   * The memory positions of a layer that are not yet in the KV cache.
   *
   * @param layer the index among the layers with self-attention
   * @return {@code [b, f, dim]}; f is 0 unless the call starts a segment
   */
  Value memory(int layer) {
    return memories.get(layer);
  }

  /** The other past state of the segment, which is reset when a segment starts. */
  PastState withinSegment(Scope scope) {
    return new PastState.Resettable(pastState, scope, startsSegment);
  }

  /** The number of positions before the first key that the call computes: int64 {@code [b]}. */
  Value keyOffset(Scope scope) {
    return scope.sub(scope.add(position, slots.length()), slots.written());
  }

  /** Saves the layers' inputs {@code [b, n, dim]}. */
  void save(Scope scope, KeyValueCache cache, List<Value> hiddens) {
    var fresh = new ArrayList<Value>();
    for (int layer = 0; layer < hiddens.size(); layer++) {
      fresh.add(scope.concat(1, memories.get(layer), hiddens.get(layer))); // [b, f + n, dim]
    }
    var together = fresh.size() == 1 ? fresh.get(0) : scope.concat(2, fresh);
    pastState.present(HIDDENS, cache.vectors(scope, buffer, together));
    var rows = scope.size(position, 0);
    pastState.present(MEMORY, scope.expand(slots.length(), rows, position.shape()));
  }
}
