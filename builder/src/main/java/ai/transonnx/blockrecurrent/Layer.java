package ai.transonnx.blockrecurrent;

import ai.transonnx.graph.Value;
import ai.transonnx.layer.Projection;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.Map;

/**
 * One layer of the library: an {@code AttentionBlock} and a feedforward.
 *
 * @param index the number of the layer
 */
record Layer(BlockRecurrentConfig config, int index) {
  /**
   * What a layer makes of tokens of a block.
   *
   * @param out {@code [b, n, dim]}
   * @param block the keys and values of the block so far, not rotated: {@code [2, b, p + n, d]}
   */
  record Result(Value out, Value block) {}

  /**
   * The tokens' place in their block, the same for all layers.
   *
   * @param length int64 {@code [1]}: how many tokens, n
   * @param keys int64 {@code [1]}: how many keys they could see, m + p + n
   * @param seen bool {@code [n, m + p + n]}
   */
  record Place(XposRotary rotary, Value length, Value keys, Value seen) {}

  /**
   * Applies the layer, with its residuals.
   *
   * @param layers the model's module {@code layers}
   * @param x {@code [b, n, dim]}
   * @param memory {@code [2, b, m, d]}: keys and values of earlier blocks
   * @param before {@code [2, b, p, d]}: those of the block before these tokens
   * @param states of all recurrent layers
   */
  Result of(
      Scope layers,
      Value x,
      Value memory,
      Value before,
      Place place,
      Map<Integer, StateContainer.Prepared> states) {
    var scope = layers.child(index).child(0);
    var normed = new Norm(config.dim()).of(scope.child("norm"), x); // [b, n, dim]
    var block = scope.concat(2, before, keysAndValues(scope, normed)); // [2, b, p + n, d]
    var known = scope.concat(2, memory, block); // [2, b, m + p + n, d]

    var outputs = new ArrayList<Value>();
    outputs.add(attend(scope, normed, known, place));
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

  private static StateContainer.Prepared of(
      Map<Integer, StateContainer.Prepared> states, int writer) {
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

  private Value attend(Scope scope, Value normed, Value known, Place place) {
    boolean unit = config.allLayersQkRmsnorm() || config.writers().contains(index);
    var attention = new Attention(config.heads(), config.dimHead(), unit);
    var module = scope.child("attn");
    var q = new Projection(config.dim(), config.inner()).of(scope.child("to_q"), normed);
    var queries = attention.queries(module, attention.split(scope, q)); // [b, h, n, d]
    var keys = attention.keys(module, kind(scope, known, 0)); // [b, m + p + n, d]
    var out =
        attention.attend(
            module,
            place.rotary().queries(module, queries, place.length()),
            place.rotary().keys(module, keys, place.keys()),
            kind(scope, known, 1),
            place.seen());
    return Attention.merge(scope, out); // [b, n, h * d]
  }

  /** The keys, 0, or values, 1, of both. */
  static Value kind(Scope scope, Value keysAndValues, int kind) {
    return scope.squeeze(scope.slice(keysAndValues, 0, kind, kind + 1L), 0);
  }

  /** The library's {@code FeedForward}, with its residual: half of the features gate the others. */
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
