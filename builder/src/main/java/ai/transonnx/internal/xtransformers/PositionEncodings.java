package ai.transonnx.internal.xtransformers;

import ai.transonnx.attention.Attention.Infused;
import ai.transonnx.attention.KeyValueCache;
import ai.transonnx.attention.Positions;
import ai.transonnx.attention.RotaryEmbedding.Rotations;
import ai.transonnx.format.Dim;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * What encodes the positions of a call in self-attention other than a bias, the same for all
 * layers.
 *
 * @param rotations the rotations of queries and keys, or null
 * @param infused what is added to the inputs of queries and keys, or null
 */
record PositionEncodings(@Nullable Rotations rotations, @Nullable Infused infused) {
  /**
   * The encodings of a call.
   *
   * @param scope the stack's module
   * @param x the stack's input: {@code [b, n, d]}
   * @param cache the keys and values of earlier calls, or null
   */
  static PositionEncodings of(
      StackPlan plan, Scope scope, Value x, LayerInputs inputs, @Nullable KeyValueCache cache) {
    return new PositionEncodings(
        rotations(plan, scope, x, inputs, cache), infused(plan, scope, x, inputs));
  }

  private static @Nullable Rotations rotations(
      StackPlan plan, Scope scope, Value x, LayerInputs inputs, @Nullable KeyValueCache cache) {
    var polar = plan.self().positions().polar();
    if (polar != null && plan.selfAttentions() > 0) {
      var module = scope.child("polar_pos_emb");
      return polar.of(module, positionsWithoutMemory(module, x, inputs));
    }
    var embedding = plan.self().rotary();
    if (embedding == null || plan.selfAttentions() == 0) {
      return null;
    }
    if (inputs.positions() != null) {
      return embedding.ofGiven(scope.child("rotary_pos_emb"), inputs.positions());
    }
    var step = inputs.step();
    if (step != null && cache != null) {
      var module = scope.child("rotary_pos_emb");
      var queries = step.queryPositions(module, x);
      var keys = step.recurrence() == null ? queries : step.keyPositions(module, x);
      return embedding.ofCall(module, queries, keys, cache.positions());
    }
    var positions = positions(scope, x, inputs);
    return embedding.of(scope.child("rotary_pos_emb"), positions);
  }

  /** The positions of a sequence that has no memories: int64 {@code [n]}, or {@code [b, n]}. */
  private static Value positionsWithoutMemory(Scope scope, Value x, LayerInputs inputs) {
    if (inputs.positions() != null) {
      return inputs.positions();
    }
    return inputs.step() == null
        ? Positions.of(scope, x).queries()
        : inputs.step().positions(scope, x);
  }

  private static @Nullable Infused infused(
      StackPlan plan, Scope scope, Value x, LayerInputs inputs) {
    var waves = plan.self().positions().infused();
    if (waves == null || plan.selfAttentions() == 0) {
      return null;
    }
    var module = scope.child("pia_pos_emb");
    var step = inputs.step();
    if (step != null) {
      var queries = waves.of(module, step.queryPositions(module, x)); // [b, n, d]
      return new Infused(
          queries,
          step.recurrence() == null ? queries : waves.of(module, step.keyPositions(module, x)));
    }
    var positions = positions(scope, x, inputs);
    var keys = waves.of(module, positions.keys()); // [j, d]
    return new Infused(
        positions.queries() == positions.keys() ? keys : waves.of(module, positions.queries()),
        keys);
  }

  /** The positions of queries and keys, where keys include the memories. */
  private static Positions positions(Scope scope, Value x, LayerInputs inputs) {
    var queryCount = scope.size(x, 1);
    var keyCount = queryCount;
    Dim keys = x.dim(1);
    if (!inputs.memories().isEmpty()) {
      var memory = inputs.memories().get(0);
      keyCount = scope.add(scope.size(memory, 1), queryCount);
      keys = memory.dim(1).plus(keys);
    }
    return Positions.of(scope, queryCount, x.dim(1), keyCount, keys);
  }
}
