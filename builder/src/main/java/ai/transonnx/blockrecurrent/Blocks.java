package ai.transonnx.blockrecurrent;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Tensor;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A sequence, block by block. Each block sees the memories of blocks before and the states that
 * they left.
 *
 * @param continued whether the sequence goes on in the next call, which fills the last block; else
 *     that block, though not whole, writes the states, as the library has it
 */
record Blocks(BlockRecurrentConfig config, boolean continued) {
  /**
   * What goes from block to block.
   *
   * @param memories one for each layer: keys and values {@code [2, b, m, d]}
   * @param states one for each recurrent layer: {@code [b, s, dim]}
   * @param open if continued, one for each layer: keys and values of the block that is not whole,
   *     {@code [2, b, p, d]}
   */
  record State(List<Value> memories, List<Value> states, List<Value> open) {
    List<Value> all() {
      var all = new ArrayList<>(memories);
      all.addAll(states);
      all.addAll(open);
      return all;
    }
  }

  record Result(Value out, State state) {}

  /**
   * Goes through the blocks.
   *
   * @param x {@code [b, n, dim]}
   */
  Result of(Scope s, Value x, State first) {
    var rotary = XposRotary.of(s, config.rotaryWidth(), config.dimHead());
    var length = s.size(x, 1); // [1]
    var width = s.vector(config.blockWidth());
    var open = continued ? s.size(first.open().get(0), 2) : s.vector(0);
    var rounded = s.add(s.add(open, length), s.vector(config.blockWidth() - 1L));
    var count = s.squeeze(s.div(rounded, width), 0); // []

    var given = new ArrayList<Value>();
    given.add(s.vector(0)); // how many positions are done
    given.add(s.slice(x, 1, 0, 0)); // what came of them
    given.addAll(first.all());
    var types = new ArrayList<TensorType>();
    types.add(given.get(0).type());
    types.add(new TensorType(x.elements(), x.shape().with(1, s.unknownDim())));
    types.addAll(growing(s, first.all()));
    var made =
        s.loop(count, given, types, (body, carried) -> block(body, x, rotary, length, carried));
    var state = state(made.subList(2, made.size()));
    var out = s.slice(made.get(1), 1, s.vector(0), length, x.dim(1)); // [b, n, dim]
    return new Result(out, state);
  }

  /** Keys and values become more from block to block; those of which there are as many stay so. */
  private static List<TensorType> growing(Scope s, List<Value> values) {
    var sizes = new HashMap<Dim, Dim>();
    var types = new ArrayList<TensorType>();
    for (var value : values) {
      var shape = value.shape();
      if (shape.rank() == 4) {
        shape = shape.with(2, sizes.computeIfAbsent(shape.dim(2), now -> s.unknownDim()));
      }
      types.add(new TensorType(value.elements(), shape));
    }
    return types;
  }

  private State state(List<Value> values) {
    int layers = config.depth();
    int recurrent = config.writers().size();
    return new State(
        values.subList(0, layers),
        values.subList(layers, layers + recurrent),
        values.subList(layers + recurrent, values.size()));
  }

  private List<Value> block(
      Scope s, Value x, XposRotary rotary, Value length, List<Value> carried) {
    var done = carried.get(0); // [1]
    var before = state(carried.subList(2, carried.size()));
    var width = s.vector(config.blockWidth());
    var open = continued ? s.size(before.open().get(0), 2) : s.vector(0); // [1]
    var count = s.min(s.sub(length, done), s.sub(width, open)); // [1]
    var end = s.add(done, count);
    var tokens = s.slice(x, 1, done, end, s.unknownDim()); // [b, c, dim]

    var place = place(s, rotary, before, open, count, tokens.dim(1));
    var layers = s.child("layers");
    Map<Integer, StateContainer.Prepared> states = prepare(layers, before.states());
    var opened = new ArrayList<Value>();
    for (int i = 0; i < config.depth(); i++) {
      var memory = before.memories().get(i);
      var start = continued ? before.open().get(i) : s.slice(memory, 2, 0, 0);
      var result = new Layer(config, i).of(layers, tokens, memory, start, place, states);
      tokens = result.out();
      opened.add(result.block());
    }
    var filled = s.equal(s.add(open, count), width); // [1]
    var results = new ArrayList<Value>();
    results.add(end);
    results.add(s.concat(1, carried.get(1), tokens));
    results.addAll(after(s, filled, before, states, opened));
    return results;
  }

  private Layer.Place place(
      Scope s, XposRotary rotary, State before, Value open, Value count, Dim c) {
    var earlier = s.add(s.size(before.memories().get(0), 2), open); // [1]
    var keys = s.add(earlier, count); // [1]
    var queryPlaces = s.add(s.range(count, c), earlier); // [c]
    var keyPlaces = s.range(keys, keyCount(before, c)); // [k]
    var seen = s.greaterOrEqual(s.unsqueeze(queryPlaces, 1), s.unsqueeze(keyPlaces, 0));
    return new Layer.Place(rotary, count, keys, seen);
  }

  private Dim keyCount(State before, Dim c) {
    var memory = before.memories().get(0).dim(2);
    return continued ? memory.plus(before.open().get(0).dim(2)).plus(c) : memory.plus(c);
  }

  private Map<Integer, StateContainer.Prepared> prepare(Scope layers, List<Value> states) {
    var prepared = new HashMap<Integer, StateContainer.Prepared>();
    var writers = config.writers();
    for (int i = 0; i < writers.size(); i++) {
      var scope = container(layers, writers.get(i));
      prepared.put(writers.get(i), new StateContainer(config).prepare(scope, states.get(i)));
    }
    return prepared;
  }

  private static Scope container(Scope layers, int writer) {
    return layers.child(writer).child(0).child("state_container");
  }

  /** Only whole blocks enter the memories. */
  private List<Value> after(
      Scope s,
      Value filled,
      State before,
      Map<Integer, StateContainer.Prepared> states,
      List<Value> opened) {
    var kept = new ArrayList<>(before.memories());
    if (continued) {
      kept.addAll(before.states());
      kept.addAll(opened);
    }
    var chosen =
        s.ifElse(
            filled,
            growing(s, kept),
            whole -> whole(whole, before, states, opened),
            part -> kept.stream().map(part::copy).toList());
    if (continued) {
      return chosen;
    }
    var results = new ArrayList<>(chosen);
    results.addAll(written(s, states, opened));
    return results;
  }

  private List<Value> whole(
      Scope s, State before, Map<Integer, StateContainer.Prepared> states, List<Value> opened) {
    var manager = s.child("mem_manager").child("layers");
    var results = new ArrayList<Value>();
    for (int i = 0; i < config.depth(); i++) {
      var memory = before.memories().get(i);
      results.add(new Memory(config).after(manager.child(i), memory, opened.get(i)));
    }
    if (continued) {
      results.addAll(written(s, states, opened));
      opened.forEach(block -> results.add(s.slice(block, 2, 0, 0)));
    }
    return results;
  }

  private List<Value> written(
      Scope s, Map<Integer, StateContainer.Prepared> states, List<Value> opened) {
    var results = new ArrayList<Value>();
    for (int writer : config.writers()) {
      var block = opened.get(writer);
      var scope = container(s.child("layers"), writer);
      var state = Objects.requireNonNull(states.get(writer));
      results.add(
          new StateContainer(config)
              .write(scope, state, Layer.kind(s, block, 0), Layer.kind(s, block, 1)));
    }
    return results;
  }

  /** Keys and values of no positions: {@code [2, b, 0, d]}. */
  Value nothing(Scope s, Value tokens) {
    var sizes = s.concat(0, s.vector(2), s.size(tokens, 0), s.vector(0, config.dimHead()));
    var shape = Shape.of(Dim.of(2), tokens.dim(0), Dim.of(0), Dim.of(config.dimHead()));
    var zero = s.constant(Tensor.scalar(s.computeType(), 0f));
    return s.expand(zero, sizes, shape);
  }

  /** A state of no vectors: {@code [b, 0, dim]}. */
  Value noState(Scope s, Value tokens) {
    var sizes = s.concat(0, s.size(tokens, 0), s.vector(0, config.dim()));
    return s.expand(s.scalar(0f), sizes, Shape.of(tokens.dim(0), Dim.of(0), Dim.of(config.dim())));
  }
}
