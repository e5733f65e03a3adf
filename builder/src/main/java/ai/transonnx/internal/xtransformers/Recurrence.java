package ai.transonnx.internal.xtransformers;

import ai.transonnx.architecture.PastState;
import ai.transonnx.attention.CacheLayout;
import ai.transonnx.attention.KeyValueCache;
import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Segments of text that follow one another, each of which sees a memory of those before: what went
 * into the layers there. When a call finds its segment full, it begins the next one: the segment
 * joins the memory, of which the last positions stay, and positions start again.
 *
 * <p>The layers' inputs are kept in one buffer, in the slots that keys and values have in theirs; a
 * call that begins a segment takes the memory out, moves it down the layers where the library does,
 * computes its keys and values anew, and writes it back where memories are.
 *
 * @see <a href="https://arxiv.org/abs/1901.02860">Transformer-XL</a>
 */
final class Recurrence {
  private static final String HIDDENS = "hiddens";
  private static final String MEMORY = "memory";

  private final PastState history;
  private final Value position;
  private final Value begins;
  private final CacheLayout.BehindMemory slots;
  private final Value buffer;
  private final List<Value> memories;

  private Recurrence(
      PastState history,
      Value position,
      Value begins,
      CacheLayout.BehindMemory slots,
      Value buffer,
      List<Value> memories) {
    this.history = history;
    this.position = position;
    this.begins = begins;
    this.slots = slots;
    this.buffer = buffer;
    this.memories = List.copyOf(memories);
  }

  /**
   * The segment that a call belongs to.
   *
   * @param position how many positions of a segment came before: int64 {@code [b]}
   */
  static Recurrence of(
      Scope scope, PastState history, StackPlan stack, SequencePlan sequence, Value position) {
    long segment = (long) sequence.memoryTokens() + sequence.maxLength();
    long most = sequence.memoryLength();
    var begins = scope.greaterOrEqual(scope.keptMax(position, 0), scope.vector(segment)); // [1]
    var past = scope.keptMax(history.past(MEMORY, ElementType.INT64, Shape.SCALAR), 0); // [1]
    var joined = scope.min(scope.add(past, scope.vector(segment)), scope.vector(most));
    var length = scope.where(begins, joined, past); // [1]
    var taken = scope.where(begins, joined, scope.vector(0)); // [1]
    var slots = new CacheLayout.BehindMemory(most, length, taken, scope.unknownDim());
    int layers = stack.selfAttentions();
    long dim = stack.dim();
    var row = Shape.of(KeyValueCache.CAPACITY, Dim.of(layers * dim));
    var buffer = history.past(HIDDENS, ElementType.FLOAT32, row, row.with(0, Dim.of(0)));
    var end = scope.vector(stack.attention().weights() + most + segment);
    var all = scope.slice(buffer, 1, scope.sub(end, taken), end, slots.writtenDim());
    var each = layers == 1 ? List.of(all) : scope.split(all, 2, sizes(layers, dim));
    return new Recurrence(
        history,
        scope.where(begins, scope.vector(0), position),
        begins,
        slots,
        buffer,
        TokenTransformer.shiftedDown(each, sequence.memoryShift()));
  }

  private static long[] sizes(int layers, long dim) {
    return IntStream.range(0, layers).mapToLong(layer -> dim).toArray();
  }

  /** How many positions of the segment came before the call: int64 {@code [b]}. */
  Value position() {
    return position;
  }

  /** Where positions of the memory and the segment have their slots. */
  CacheLayout.BehindMemory slots() {
    return slots;
  }

  /**
   * What layers see before the call's own positions and have no keys and values of yet.
   *
   * @param layer of those that attend to their own sequence
   * @return {@code [b, f, dim]}; f is 0 unless the call begins a segment
   */
  Value memory(int layer) {
    return memories.get(layer);
  }

  /** What else is kept of positions before the call; nothing where it begins a segment. */
  PastState within(Scope scope) {
    return new PastState.Resettable(history, scope, begins);
  }

  /** How many positions stand before those whose keys the call computes: int64 {@code [b]}. */
  Value before(Scope scope) {
    return scope.sub(scope.add(position, slots.length()), slots.written());
  }

  /** Keeps what went into the layers {@code [b, n, dim]}. */
  void keep(Scope scope, KeyValueCache cache, List<Value> hiddens) {
    var fresh = new ArrayList<Value>();
    for (int layer = 0; layer < hiddens.size(); layer++) {
      fresh.add(scope.concat(1, memories.get(layer), hiddens.get(layer))); // [b, f + n, dim]
    }
    var together = fresh.size() == 1 ? fresh.get(0) : scope.concat(2, fresh);
    history.present(HIDDENS, cache.vectors(scope, buffer, together));
    var rows = scope.size(position, 0);
    history.present(MEMORY, scope.expand(slots.length(), rows, position.shape()));
  }
}
