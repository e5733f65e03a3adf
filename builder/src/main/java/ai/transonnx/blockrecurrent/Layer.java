package ai.transonnx.blockrecurrent;

import ai.transonnx.graph.Value;
import ai.transonnx.layer.Projection;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.Map;

/**
 * A layer of the library: an {@code AttentionBlock} and a feedforward layer.
 *
 * @param index the index of the layer
 */
record Layer(BlockRecurrentConfig config, int index) {
  /**
   * The outputs of a layer.
   *
   * @param out {@code [b, n, dim]}
   * @param block the keys and values of the block so far, before rotation: {@code [2, b, p + n, d]}
   */
  record Result(Value out, Value block) {}

  /**
   * The values that all layers share for the tokens of a block.
   *
   * @param rotary the rotary embedding
   * @param length the number of tokens, n: int64 {@code [1]}
   * @param keys the number of keys, m + p + n: int64 {@code [1]}
   * @param visible the keys that each token may attend to: bool {@code [n, m + p + n]}
   */
  record BlockContext(XposRotary rotary, Value length, Value keys, Value visible) {}

  /**
   * Applies the layer, with its residuals.
   *
   * @param layers the scope of the model's {@code layers}
   * @param x {@code [b, n, dim]}
   * @param memory the keys and values of earlier blocks: {@code [2, b, m, d]}
   * @param partial the keys and values of the block before these tokens: {@code [2, b, p, d]}
   * @param states the states of all recurrent layers, by layer
   */
  Result of(
      Scope layers,
      Value x,
      Value memory,
      Value partial,
      BlockContext context,
      Map<Integer, StateContainer.ProjectedState> states) {
    var scope = layers.child(index).child(0);
    var normed = new Norm(config.dim()).of(scope.child("norm"), x); // [b, n, dim]
    var block = scope.concat(2, partial, keysAndValues(scope, normed)); // [2, b, p + n, d]
    var allKeysAndValues = scope.concat(2, memory, block); // [2, b, m + p + n, d]

    var outputs = new ArrayList<Value>();
    outputs.add(attend(scope, normed, allKeysAndValues, context));
    for (int writer : config.writers()) {
      if (config.reader(writer) == index) {
        var container = layers.child(writer).child(0).child("state_container");
        outputs.add(new StateContainer(config).read(container, normed, of(states, writer)));
      }
    }
    var together = outputs.size() == 1 ? outputs.get(0) : scope.concat(2, outputs);
    var toOut = new Projection((long) outputs.size() * config.inner(), config.dim());
    var attended = scope.add(toOut.of(scope.child("to_out"), together), x); // [b, n, dim]
    return new Result(feedForward(layers.child(index).child(1), attended), block);
  }

  private static StateContainer.ProjectedState of(
      Map<Integer, StateContainer.ProjectedState> states, int writer) {
    var state = states.get(writer);
    if (state == null) {
      throw new IllegalArgumentException("layer " + writer + " has no state");
    }
    return state;
  }

  private Value keysAndValues(Scope scope, Value normed) {
    long d = config.dimHead();
    var projection = new Projection(config.dim(), 2 * d);
    var keys = projection.features(0, d).of(scope.child("to_kv"), normed); // [b, n, d]
    var values = projection.features(d, 2 * d).of(scope.child("to_kv"), normed); // [b, n, d]
    return scope.concat(0, scope.unsqueeze(keys, 0), scope.unsqueeze(values, 0));
  }

  private Value attend(Scope scope, Value normed, Value allKeysAndValues, BlockContext context) {
    boolean unit = config.allLayersQkRmsnorm() || config.writers().contains(index);
    var attention = new Attention(config.heads(), config.dimHead(), unit);
    var module = scope.child("attn");
    var q = new Projection(config.dim(), config.inner()).of(scope.child("to_q"), normed);
    var queries = attention.queries(module, attention.split(scope, q)); // [b, h, n, d]
    var keys = attention.keys(module, keys(scope, allKeysAndValues)); // [b, m + p + n, d]
    var out =
        attention.attend(
            module,
            context.rotary().queries(module, queries, context.length()),
            context.rotary().keys(module, keys, context.keys()),
            values(scope, allKeysAndValues),
            context.visible());
    return Attention.merge(scope, out); // [b, n, h * d]
  }

  /** The keys {@code [b, n, d]} of keys and values {@code [2, b, n, d]}. */
  static Value keys(Scope scope, Value keysAndValues) {
    return scope.squeeze(scope.slice(keysAndValues, 0, 0, 1), 0);
  }

  /** The values {@code [b, n, d]} of keys and values {@code [2, b, n, d]}. */
  static Value values(Scope scope, Value keysAndValues) {
    return scope.squeeze(scope.slice(keysAndValues, 0, 1, 2), 0);
  }

  /**
   * The library's {@code FeedForward} with its residual: one half of the features gates the other.
   */
  private Value feedForward(Scope scope, Value x) {
    long inner = config.feedForwardInner();
    var normed = new Norm(config.dim()).of(scope.child(0), x);
    var projection = new Projection(config.dim(), 2 * inner);
    var values = projection.features(0, inner).of(scope.child(1), normed);
    var gate = scope.gelu(projection.features(inner, 2 * inner).of(scope.child(1), normed));
    var gated = scope.mul(gate, values); // [b, n, inner]
    return scope.add(new Projection(inner, config.dim()).of(scope.child(3), gated), x);
  }
}
