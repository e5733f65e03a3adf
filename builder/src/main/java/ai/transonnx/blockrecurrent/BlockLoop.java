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
 * Processes a sequence block by block. Each block attends to the memories of earlier blocks and to
 * the states that they wrote.
 *
 * @param incremental whether the next call completes the last block; otherwise, the last block
 *     writes the states even if it is incomplete, as in the library
 */
record BlockLoop(BlockRecurrentConfig config, boolean incremental) {
  /**
   * The state that is passed from block to block.
   *
   * @param memories the keys and values of earlier blocks in each layer {@code [2, b, m, d]}
   * @param states the state vectors of each recurrent layer {@code [b, s, dim]}
   * @param partial if incremental, the keys and values of the incomplete block in each layer {@code
   *     [2, b, p, d]}; otherwise empty
   */
  record State(List<Value> memories, List<Value> states, List<Value> partial) {
    List<Value> all() {
      var all = new ArrayList<>(memories);
      all.addAll(states);
      all.addAll(partial);
      return all;
    }
  }

  record Result(Value out, State state) {}

  /**
   * Processes all blocks.
   *
   * @param x {@code [b, n, dim]}
   * @param first the state before the first block
   */
  Result of(Scope s, Value x, State first) {
    var rotary = XposRotary.of(s, config.rotaryWidth(), config.dimHead());
    var length = s.size(x, 1); // [1]
    var width = s.vector(config.blockWidth());
    var partial = incremental ? s.size(first.partial().get(0), 2) : s.vector(0);
    var rounded = s.add(s.add(partial, length), s.vector(config.blockWidth() - 1L));
    var count = s.squeeze(s.div(rounded, width), 0); // []

    var initial = new ArrayList<Value>();
    initial.add(s.vector(0)); // the number of processed positions
    initial.add(s.slice(x, 1, 0, 0)); // their outputs
    initial.addAll(first.all());
    var types = new ArrayList<TensorType>();
    types.add(initial.get(0).type());
    types.add(new TensorType(x.elements(), x.shape().with(1, s.unknownDim())));
    types.addAll(loopTypes(s, first.all()));
    var results =
        s.loop(count, initial, types, (body, carried) -> block(body, x, rotary, length, carried));
    var state = state(results.subList(2, results.size()));
    var out = s.slice(results.get(1), 1, s.vector(0), length, x.dim(1)); // [b, n, dim]
    return new Result(out, state);
  }

  /**
   * The types of loop-carried values. The number of keys and values changes from block to block;
   * values with equal dimensions keep them equal.
   */
  private static List<TensorType> loopTypes(Scope s, List<Value> values) {
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
    var partial = incremental ? s.size(before.partial().get(0), 2) : s.vector(0); // [1]
    var count = s.min(s.sub(length, done), s.sub(width, partial)); // [1]
    var end = s.add(done, count);
    var tokens = s.slice(x, 1, done, end, s.unknownDim()); // [b, c, dim]

    var context = context(s, rotary, before, partial, count, tokens.dim(1));
    var layers = s.child("layers");
    Map<Integer, StateContainer.ProjectedState> states = project(layers, before.states());
    var extended = new ArrayList<Value>();
    for (int i = 0; i < config.depth(); i++) {
      var memory = before.memories().get(i);
      var start = incremental ? before.partial().get(i) : s.slice(memory, 2, 0, 0);
      var result = new Layer(config, i).of(layers, tokens, memory, start, context, states);
      tokens = result.out();
      extended.add(result.block());
    }
    var isComplete = s.equal(s.add(partial, count), width); // [1]
    var results = new ArrayList<Value>();
    results.add(end);
    results.add(s.concat(1, carried.get(1), tokens));
    results.addAll(next(s, isComplete, before, states, extended));
    return results;
  }

  private Layer.BlockContext context(
      Scope s, XposRotary rotary, State before, Value partial, Value count, Dim c) {
    var earlier = s.add(s.size(before.memories().get(0), 2), partial); // [1]
    var keys = s.add(earlier, count); // [1]
    var queryPlaces = s.add(s.range(count, c), earlier); // [c]
    var keyPlaces = s.range(keys, keyCount(before, c)); // [k]
    var visible = s.greaterOrEqual(s.unsqueeze(queryPlaces, 1), s.unsqueeze(keyPlaces, 0));
    return new Layer.BlockContext(rotary, count, keys, visible);
  }

  private Dim keyCount(State before, Dim c) {
    var memory = before.memories().get(0).dim(2);
    return incremental ? memory.plus(before.partial().get(0).dim(2)).plus(c) : memory.plus(c);
  }

  private Map<Integer, StateContainer.ProjectedState> project(Scope layers, List<Value> states) {
    var prepared = new HashMap<Integer, StateContainer.ProjectedState>();
    var writers = config.writers();
    for (int i = 0; i < writers.size(); i++) {
      var scope = container(layers, writers.get(i));
      prepared.put(writers.get(i), new StateContainer(config).project(scope, states.get(i)));
    }
    return prepared;
  }

  private static Scope container(Scope layers, int writer) {
    return layers.child(writer).child(0).child("state_container");
  }

  /** The state after a block. Only complete blocks are added to the memories. */
  private List<Value> next(
      Scope s,
      Value isComplete,
      State before,
      Map<Integer, StateContainer.ProjectedState> states,
      List<Value> extended) {
    var kept = new ArrayList<>(before.memories());
    if (incremental) {
      kept.addAll(before.states());
      kept.addAll(extended);
    }
    var carriedOver =
        s.ifElse(
            isComplete,
            loopTypes(s, kept),
            complete -> completeBlock(complete, before, states, extended),
            incomplete -> kept.stream().map(incomplete::copy).toList());
    if (incremental) {
      return carriedOver;
    }
    var results = new ArrayList<>(carriedOver);
    results.addAll(writeStates(s, states, extended));
    return results;
  }

  private List<Value> completeBlock(
      Scope s,
      State before,
      Map<Integer, StateContainer.ProjectedState> states,
      List<Value> extended) {
    var manager = s.child("mem_manager").child("layers");
    var results = new ArrayList<Value>();
    for (int i = 0; i < config.depth(); i++) {
      var memory = before.memories().get(i);
      results.add(new BlockMemory(config).next(manager.child(i), memory, extended.get(i)));
    }
    if (incremental) {
      results.addAll(writeStates(s, states, extended));
      extended.forEach(block -> results.add(s.slice(block, 2, 0, 0)));
    }
    return results;
  }

  private List<Value> writeStates(
      Scope s, Map<Integer, StateContainer.ProjectedState> states, List<Value> extended) {
    var results = new ArrayList<Value>();
    for (int writer : config.writers()) {
      var block = extended.get(writer);
      var scope = container(s.child("layers"), writer);
      var state = Objects.requireNonNull(states.get(writer));
      results.add(
          new StateContainer(config)
              .write(scope, state, Layer.keys(s, block), Layer.values(s, block)));
    }
    return results;
  }

  /** Empty keys and values: {@code [2, b, 0, d]}. */
  Value emptyKeysAndValues(Scope s, Value tokens) {
    var sizes = s.concat(0, s.vector(2), s.size(tokens, 0), s.vector(0, config.dimHead()));
    var shape = Shape.of(Dim.of(2), tokens.dim(0), Dim.of(0), Dim.of(config.dimHead()));
    var zero = s.constant(Tensor.scalar(s.computeType(), 0f));
    return s.expand(zero, sizes, shape);
  }

  /** A state without vectors: {@code [b, 0, dim]}. */
  Value emptyState(Scope s, Value tokens) {
    var sizes = s.concat(0, s.size(tokens, 0), s.vector(0, config.dim()));
    return s.expand(s.scalar(0f), sizes, Shape.of(tokens.dim(0), Dim.of(0), Dim.of(config.dim())));
  }
}
