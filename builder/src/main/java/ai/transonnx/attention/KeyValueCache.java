package ai.transonnx.attention;

import ai.transonnx.architecture.History;
import ai.transonnx.attention.MemoryKeyValues.KeyValues;
import ai.transonnx.graph.Dim;
import ai.transonnx.graph.ElementType;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Tensor;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;

/**
 * Keys and values of all positions so far, of every layer that attends to its own sequence.
 *
 * <p>They are kept in buffers {@code [b, h, capacity, d]}: a position has its slot in each, and the
 * slots behind the last position are zeros, which causality hides. A call writes the slots of its
 * own positions and changes no other, so a runtime may use one memory for what goes in and comes
 * out, as long as the buffers are large enough. Those that are too small grow by more than is
 * missing.
 *
 * <p>Keys and values that are weights have the first slots. They are written by each call, since
 * the first one starts with empty buffers.
 */
public final class KeyValueCache {
  /** The size of a buffer: the name by which a runtime knows one. */
  public static final Dim CAPACITY = Dim.of("capacity");

  /** How many slots a buffer has to spare when it has grown: so many, or its eighth part. */
  private static final int ROOM = 64;

  private static final Dim SLOTS = Dim.of("slots");

  /**
   * What is kept.
   *
   * @param layers how many layers
   * @param heads of keys and values
   * @param keyFeatures of a head
   * @param valueFeatures of a head; 0 if the keys are the values
   * @param weights how many keys and values are weights
   */
  public record Layout(int layers, int heads, long keyFeatures, long valueFeatures, int weights) {}

  private final History history;
  private final Layout layout;
  private final Dim batch;
  private final List<List<Value>> buffers = new ArrayList<>();
  private final Value missing;
  private final Value fits;
  private final Value used;
  private final Value written;
  private final Positions positions;
  private final Value indices;

  /**
   * The cache of a call.
   *
   * @param layout of at least one layer
   * @param position how many positions came before the call: int64 {@code [b]}
   * @param x the call's positions: {@code [b, n, ...]}
   */
  public KeyValueCache(Scope scope, History history, Layout layout, Value position, Value x) {
    this.history = history;
    this.layout = layout;
    this.batch = x.dim(0);
    for (int layer = 0; layer < layout.layers; layer++) {
      buffers.add(layerBuffers(layer));
    }
    var capacity = scope.size(buffers.get(0).get(0), 2); // [1]
    var count = scope.size(x, 1); // [1]
    var weights = scope.vector(layout.weights);
    this.used = scope.add(scope.add(scope.keptMax(position, 0), count), weights); // [1]
    var room = scope.max(scope.div(used, scope.vector(8)), scope.vector(ROOM));
    var grown = scope.add(used, room); // [1]
    this.missing = scope.sub(grown, capacity); // [1]
    this.fits = scope.lessOrEqual(used, capacity); // [1]
    var first = scope.unsqueeze(scope.add(position, weights), 1); // [b, 1]
    var queries = scope.add(first, scope.range(count, x.dim(1))); // [b, n]
    var slots = scope.where(fits, capacity, grown); // [1]
    this.positions = Positions.of(scope, queries, weights, scope.range(slots, SLOTS), slots);
    this.written = withWeights(scope, queries, scope.size(x, 0));
    this.indices = indices(scope, x);
  }

  private List<Value> layerBuffers(int layer) {
    var kept = new ArrayList<Value>();
    kept.add(buffer("keys_" + layer, layout.keyFeatures));
    if (layout.valueFeatures > 0) {
      kept.add(buffer("values_" + layer, layout.valueFeatures));
    }
    return kept;
  }

  private Value buffer(String name, long features) {
    var row = Shape.of(Dim.of(layout.heads), CAPACITY, Dim.of(features));
    return history.past(name, ElementType.FLOAT32, row, row.with(1, Dim.of(0)));
  }

  /** The slots that the call writes: int64 {@code [b, w + n]}. */
  private Value withWeights(Scope scope, Value queries, Value rows) {
    if (layout.weights == 0) {
      return queries;
    }
    var slots = scope.vector(LongStream.range(0, layout.weights).toArray());
    var shape = Shape.of(batch, Dim.of(layout.weights));
    var repeated = scope.expand(slots, scope.concat(0, rows, scope.vector(layout.weights)), shape);
    return scope.concat(1, repeated, queries);
  }

  /** Row, head and slot of all that the call writes: int64 {@code [b, h, w + n, 3]}. */
  private Value indices(Scope scope, Value x) {
    var sizes =
        scope.concat(
            0,
            scope.size(x, 0),
            scope.vector(layout.heads),
            scope.size(written, 1),
            scope.vector(1));
    var shape = Shape.of(batch, Dim.of(layout.heads), written.dim(1), Dim.of(1));
    var row = scope.range(scope.size(x, 0), batch); // [b]
    var rows = scope.reshape(row, Shape.of(batch, Dim.of(1), Dim.of(1), Dim.of(1)));
    var head = LongStream.range(0, layout.heads).toArray();
    var heads = scope.constant(Tensor.of(Shape.of(1, layout.heads, 1, 1), head));
    var slots = scope.unsqueeze(scope.unsqueeze(written, 1), 3); // [b, 1, w + n, 1]
    return scope.concat(
        3,
        scope.expand(rows, sizes, shape),
        scope.expand(heads, sizes, shape),
        scope.expand(slots, sizes, shape));
  }

  /** Where the call's queries stand, and all slots. */
  public Positions positions() {
    return positions;
  }

  /** How many slots are used when the call has ended, of the row that uses most: {@code [1]}. */
  public Value used() {
    return used;
  }

  /** The cache of one layer, as an attention uses it. */
  public Attention.Cache layer(int layer) {
    return (scope, computed) -> extended(scope, layer, computed);
  }

  private KeyValues extended(Scope scope, int layer, Function<Scope, KeyValues> computed) {
    var fresh = computed.apply(scope);
    if (layout.valueFeatures == 0) {
      var all = write(scope, buffers.get(layer), List.of(fresh.keys()), indices);
      var keys = history.present("keys_" + layer, all.get(0));
      return new KeyValues(keys, keys);
    }
    var all = write(scope, buffers.get(layer), List.of(fresh.keys(), fresh.values()), indices);
    return new KeyValues(
        history.present("keys_" + layer, all.get(0)),
        history.present("values_" + layer, all.get(1)));
  }

  /**
   * Which slots are not padding, those of all calls.
   *
   * @param kept of the call's weights and positions: bool {@code [b, w + n]}
   * @return bool {@code [b, slots]}
   */
  public Value kept(Scope scope, Value kept) {
    var row = Shape.of(CAPACITY);
    var past = history.past("kept", ElementType.BOOL, row, Shape.of(0)); // [b, capacity]
    var slots = scope.unsqueeze(written, 2); // [b, w + n, 1]
    var sizes = scope.concat(0, scope.sizes(written, 0, 2), scope.vector(1));
    var row1 = scope.unsqueeze(scope.unsqueeze(scope.range(scope.size(kept, 0), batch), 1), 2);
    var where = scope.concat(2, scope.expand(row1, sizes, slots.shape()), slots); // [b, w + n, 2]
    return history.present("kept", write(scope, List.of(past), List.of(kept), where).get(0));
  }

  private List<Value> write(Scope scope, List<Value> past, List<Value> fresh, Value where) {
    var types = past.stream().map(KeyValueCache::extended).toList();
    return scope.choose(
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
