package ai.transonnx.attention;

import ai.transonnx.architecture.PastState;
import ai.transonnx.attention.MemoryKeyValues.KeyValues;
import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.StateRole;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Tensor;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The keys and values of all positions so far, for every self-attention layer.
 *
 * <p>They are stored in buffers {@code [b, h, capacity, d]}. The {@link CacheLayout} assigns each
 * position a slot. Unused slots are zeros, which the causal mask hides. A call writes only the
 * slots of its own positions; see {@link GrowingBuffers}.
 *
 * <p>Learned memory keys and values have the first slots. Each call writes them, since the first
 * call starts with empty buffers.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 */
public final class KeyValueCache {
  /** The number of slots of a buffer. */
  public static final Dim CAPACITY = GrowingBuffers.CAPACITY;

  /**
   * The size of the cache.
   *
   * @param layers number of layers
   * @param keys the keys of a position
   * @param values the values of a position; null if the keys are the values
   * @param weights number of learned memory keys and values
   * @param ofLatents whether latent features take the place of keys; then keys that are not
   *     computed from them take the place of values
   */
  public record Layout(
      int layers, Vectors keys, @Nullable Vectors values, int weights, boolean ofLatents) {
    /** Keys and values with equally many features, without learned memory. */
    public static Layout of(int layers, int heads, long features) {
      var vectors = new Vectors(heads, features);
      return new Layout(layers, vectors, vectors, 0, false);
    }

    String keyName(int layer) {
      return (ofLatents ? "latents_" : "keys_") + layer;
    }

    String valueName(int layer) {
      return (ofLatents ? "keys_" : "values_") + layer;
    }
  }

  /**
   * The vectors of a position.
   *
   * @param heads number of heads
   * @param features number of features of a head
   */
  public record Vectors(int heads, long features) {}

  private static final String POSITION = "position";

  private final PastState history;
  private final Layout layout;
  private final ElementType elements;
  private final Dim batch;
  private final List<List<Value>> buffers = new ArrayList<>();
  private final CacheLayout order;
  private final CacheLayout.Call call;
  private final GrowingBuffers growing;
  private final Value slots;
  private final Value own;
  private final Value written;
  private final Positions positions;
  private final Value keyIndices;
  private final Value valueIndices;
  private final Value rows;
  private @Nullable CausalCalls causalCalls;

  /**
   * A cache in which each position has its own slot. It also counts the positions of all calls so
   * far, in the state {@code position}.
   *
   * @param layout of at least one layer
   * @param x the call's positions: {@code [b, n, ...]}
   */
  public static KeyValueCache of(Scope scope, PastState past, Layout layout, Value x) {
    var position = past.past(POSITION, StateRole.COUNTER, ElementType.INT64, Shape.SCALAR); // [b]
    past.present(POSITION, scope.add(position, scope.size(x, 1)));
    return new KeyValueCache(scope, past, layout, new CacheLayout.Consecutive(), position, x);
  }

  /**
   * The cache of a call.
   *
   * @param layout of at least one layer
   * @param position number of positions before the call: int64 {@code [b]}
   * @param x the call's positions: {@code [b, n, ...]}
   */
  public KeyValueCache(
      Scope scope, PastState history, Layout layout, CacheLayout order, Value position, Value x) {
    this.history = history;
    this.layout = layout;
    this.elements = scope.cacheType();
    this.batch = x.dim(0);
    this.order = order;
    for (int layer = 0; layer < layout.layers; layer++) {
      buffers.add(layerBuffers(layer));
    }
    int weights = layout.weights;
    this.call = new CacheLayout.Call(scope, position, scope.size(x, 1), x.dim(1), weights);
    var most = order.most();
    this.growing =
        new GrowingBuffers(
            scope,
            scope.size(buffers.get(0).get(0), 2),
            scope.add(order.needed(call), scope.vector(weights)),
            most == null ? null : scope.add(most, scope.vector(weights)));
    this.slots = growing.numbers(scope);
    var queries = order.queries(call); // [b, n]
    var keys = order.keys(call, slots);
    this.positions = Positions.of(scope, queries, order.before(call), keys, growing.count());
    this.own = order.written(call); // [b, k]
    this.written = withWeights(scope, own, scope.size(x, 0));
    var values = layout.values;
    this.rows = scope.size(x, 0);
    this.keyIndices = indices(scope, x, layout.keys.heads);
    this.valueIndices =
        values == null || values.heads == layout.keys.heads
            ? keyIndices
            : indices(scope, x, values.heads);
  }

  private List<Value> layerBuffers(int layer) {
    var kept = new ArrayList<Value>();
    kept.add(buffer(layout.keyName(layer), layout.keys));
    if (layout.values != null) {
      kept.add(buffer(layout.valueName(layer), layout.values));
    }
    return kept;
  }

  private Value buffer(String name, Vectors vectors) {
    var row = Shape.of(Dim.of(vectors.heads), CAPACITY, Dim.of(vectors.features));
    return history.past(name, order.role(), elements, row);
  }

  /** The slots that the call writes: int64 {@code [b, w + k]}. */
  private Value withWeights(Scope scope, Value own, Value rows) {
    if (layout.weights == 0) {
      return own;
    }
    var slots = scope.vector(LongStream.range(0, layout.weights).toArray());
    var shape = Shape.of(batch, Dim.of(layout.weights));
    var repeated = scope.expand(slots, scope.concat(0, rows, scope.vector(layout.weights)), shape);
    return scope.concat(1, repeated, own);
  }

  /** The row, head and slot of each vector that the call writes: int64 {@code [b, h, w + k, 3]}. */
  private Value indices(Scope scope, Value x, int headCount) {
    var sizes =
        scope.concat(
            0, scope.size(x, 0), scope.vector(headCount), scope.size(written, 1), scope.vector(1));
    var shape = Shape.of(batch, Dim.of(headCount), written.dim(1), Dim.of(1));
    var row = scope.range(scope.size(x, 0), batch); // [b]
    var rows = scope.reshape(row, Shape.of(batch, Dim.of(1), Dim.of(1), Dim.of(1)));
    var head = LongStream.range(0, headCount).toArray();
    var heads = scope.constant(Tensor.of(Shape.of(1, headCount, 1, 1), head));
    var slots = scope.unsqueeze(scope.unsqueeze(written, 1), 3); // [b, 1, w + k, 1]
    return scope.concat(
        3,
        scope.expand(rows, sizes, shape),
        scope.expand(heads, sizes, shape),
        scope.expand(slots, sizes, shape));
  }

  /** The positions of the call's queries and of all slots. */
  public Positions positions() {
    return positions;
  }

  /** The number of used slots after the call, of the row that uses most: int64 {@code [1]}. */
  public Value used() {
    return growing.used();
  }

  /**
   * Masks keys that causality does not hide but that the queries must not attend to: those outside
   * of the window, and unused memory slots.
   */
  public void hide(Masking masking) {
    if (order instanceof CacheLayout.Ring ring) {
      masking.window(positions, ring.window(), slots, layout.weights);
    } else if (order instanceof CacheLayout.BehindMemory memory) {
      masking.allow(memory.visible(call, slots));
    }
  }

  /**
   * The mask of keys after the query, and of those that {@link #hide} masks.
   *
   * @param x {@code [b, n, dim]}
   */
  public ScoreBias causality(Scope scope, Value x) {
    return new ScoreBias.Causality(
        scope,
        x,
        () -> {
          var masking = new Masking(scope);
          hide(masking);
          masking.causal(positions);
          return masking.values();
        });
  }

  /**
   * Stores vectors of the call's positions in the same slots.
   *
   * @param past {@code [b, capacity, d]}
   * @param fresh the vectors of all positions whose keys the call writes: {@code [b, k, d]}
   * @return {@code [b, slots, d]}
   */
  public Value vectors(Scope scope, Value past, Value fresh) {
    return growing.write(scope, List.of(past), List.of(fresh), places(scope, own)).get(0);
  }

  /**
   * Numbers of all slots, with zeros in the slots of the positions whose keys the call writes.
   *
   * @param past float32 {@code [b, capacity]}
   * @return {@code [b, slots]}
   */
  Value cleared(Scope scope, Value past) {
    var zeros = scope.expand(scope.scalar(0f), scope.sizes(own, 0, 2), own.shape()); // [b, k]
    return growing.write(scope, List.of(past), List.of(zeros), places(scope, own)).get(0);
  }

  /** The cache of one attention layer. */
  public Attention.Cache layer(int layer) {
    return new Attention.Cache(
        false,
        layout.ofLatents,
        (scope, computed) -> extended(scope, layer, computed),
        new LayerStore(this, history, order, layer),
        isCausal() ? new CausalBuffers(this, layer) : null);
  }

  /** Whether a causal operator may use the buffers in some calls. */
  private boolean isCausal() {
    return layout.values != null
        && layout.values.equals(layout.keys)
        && layout.weights == 0
        && !layout.ofLatents
        && !(order instanceof CacheLayout.BehindMemory);
  }

  /** The calls that a causal operator can compute. */
  CausalCalls causalCalls() {
    if (causalCalls == null) {
      causalCalls = CausalCalls.of(order, call, growing, rows);
    }
    return causalCalls;
  }

  GrowingBuffers growing() {
    return growing;
  }

  /** The keys and values of a layer before the call: {@code [b, h, capacity, d]}. */
  List<Value> buffers(int layer) {
    return buffers.get(layer);
  }

  /** The same after the call, given those of its positions: {@code [b, h, slots, d]}. */
  List<Value> written(Scope scope, int layer, KeyValues own) {
    return growing.write(scope, buffers.get(layer), List.of(own.keys(), own.values()), keyIndices);
  }

  /** Sets the keys and values of a layer after the call: {@code [b, h, slots, d]}. */
  void present(int layer, List<Value> all) {
    history.present(layout.keyName(layer), all.get(0));
    history.present(layout.valueName(layer), all.get(1));
  }

  private KeyValues extended(Scope scope, int layer, Function<Scope, KeyValues> computed) {
    return append(scope, layer, computed.apply(scope));
  }

  /**
   * Writes the call's keys and values to the buffers of a layer.
   *
   * @param own the keys and values of the call's positions: {@code [b, h, n, d]}
   * @return the keys and values of all slots: {@code [b, h, slots, d]}
   */
  public KeyValues append(Scope scope, int layer, KeyValues own) {
    var past = buffers.get(layer);
    if (layout.values == null) {
      var all = growing.write(scope, past, List.of(own.keys()), keyIndices);
      var keys = scope.operand(history.present(layout.keyName(layer), all.get(0)));
      return new KeyValues(keys, keys);
    }
    var fresh = List.of(own.keys(), own.values());
    var all =
        keyIndices == valueIndices
            ? growing.write(scope, past, fresh, keyIndices)
            : List.of(
                growing.write(scope, past.subList(0, 1), fresh.subList(0, 1), keyIndices).get(0),
                growing.write(scope, past.subList(1, 2), fresh.subList(1, 2), valueIndices).get(0));
    return new KeyValues(
        scope.operand(history.present(layout.keyName(layer), all.get(0))),
        scope.operand(history.present(layout.valueName(layer), all.get(1))));
  }

  /**
   * The padding mask of all slots.
   *
   * @param kept the mask of learned memory and the call's positions: bool {@code [b, w + n]}, false
   *     for padding
   * @return bool {@code [b, slots]}
   */
  public Value kept(Scope scope, Value kept) {
    var row = Shape.of(CAPACITY);
    var past = history.past("kept", order.role(), ElementType.BOOL, row); // [b, capacity]
    var all = growing.write(scope, List.of(past), List.of(kept), places(scope, written));
    return history.present("kept", all.get(0));
  }

  /** Row and slot: int64 {@code [b, k, 2]}. */
  private Value places(Scope scope, Value slots) {
    var last = scope.unsqueeze(slots, 2); // [b, k, 1]
    var sizes = scope.concat(0, scope.sizes(slots, 0, 2), scope.vector(1));
    var rows = scope.range(scope.size(slots, 0), batch); // [b]
    var first = scope.unsqueeze(scope.unsqueeze(rows, 1), 2); // [b, 1, 1]
    return scope.concat(2, scope.expand(first, sizes, last.shape()), last);
  }
}
