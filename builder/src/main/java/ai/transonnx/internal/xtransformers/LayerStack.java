package ai.transonnx.internal.xtransformers;

import ai.transonnx.attention.Attention;
import ai.transonnx.attention.ValueResidual;
import ai.transonnx.attention.ValueResidual.Source;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The library's {@code AttentionLayers}, a sequence of layers. */
final class LayerStack {
  /**
   * The outputs of the stack.
   *
   * @param out {@code [b, n, dim]}
   * @param hiddens the input of each layer with self-attention {@code [b, n, dim]}
   * @param attention the attention map of each attention layer {@code [b, h, n, j]}, computed on
   *     demand; empty unless requested
   */
  record Result(Value out, List<Value> hiddens, List<Supplier<Value>> attention) {}

  private final StackPlan plan;
  private final LayerInputs inputs;
  private final AttentionCaches caches;
  private final AttentionBiases biases;
  private final PositionEncodings positions;
  private final List<Value> hiddens = new ArrayList<>();
  private final List<Supplier<Value>> weights = new ArrayList<>();
  private int crossAttentionIndex;
  private int feedForwardIndex;
  private @Nullable Value selfScores;
  private @Nullable Value crossScores;
  private @Nullable Source firstSelf;
  private @Nullable Source firstCross;

  private LayerStack(StackPlan plan, Scope scope, Value x, LayerInputs inputs) {
    this.plan = plan;
    this.inputs = inputs;
    this.caches = AttentionCaches.of(scope, plan, x, inputs);
    this.biases = AttentionBiases.of(scope, plan, x, inputs, caches);
    this.positions = PositionEncodings.of(plan, scope, x, inputs, caches.self());
  }

  /**
   * Applies the layers. Values between layers are float32 in every precision.
   *
   * @param scope the parent scope of {@code layers}
   * @param given {@code [b, n, dim]}
   */
  static Result of(StackPlan plan, Scope scope, Value given, LayerInputs all) {
    var x = scope.widen(given);
    var keys = all.bounds().mask(scope, x, all.selfAttnContextMask(), all.memories());
    var inputs = all.withKeyMask(keys).withConditions(conditions(plan, scope, x, all));
    var stack = new LayerStack(plan, scope, x, inputs);
    var result = stack.apply(scope, x);
    var step = inputs.step();
    if (step != null) {
      step.advance(scope, x);
      stack.keepMemory(scope, step);
    }
    return result;
  }

  /** The vectors that condition the layers, given those of the call. */
  private static Conditions conditions(StackPlan plan, Scope scope, Value x, LayerInputs inputs) {
    var given = inputs.conditions();
    var condition = plan.condition();
    var ofNorms =
        condition == null || given.ofNorms() == null
            ? null
            : condition.of(scope, kept(condition.vectors(), scope, inputs, given.ofNorms()));
    var injected =
        given.injected() == null
            ? null
            : kept(plan.injection().vectors(), scope, inputs, given.injected());
    return new Conditions(ofNorms, plan.injection().of(scope, x, injected), given.ofFeedForwards());
  }

  private static Value kept(
      ConditionVectors vectors, Scope scope, LayerInputs inputs, Value given) {
    return inputs.step() == null ? given : vectors.kept(scope, inputs.step(), given);
  }

  private void keepMemory(Scope scope, StepContext step) {
    if (step.recurrence() != null && caches.self() != null) {
      step.recurrence().save(scope, caches.self(), hiddens);
    }
  }

  private Result apply(Scope scope, Value input) {
    var layers = scope.child("layers");
    var starts = new ArrayList<Value>();
    var seen = new ArrayList<Value>();
    var streams = plan.end().streams();
    var x = streams == null ? input : streams.of(scope, input); // [b, n, d] or [b, n, s, d]
    var outer = plan.end().outer();
    var sum = outer == null ? null : outer.first(scope, x);
    for (int i = 0; i < plan.layers().size(); i++) {
      var layer = plan.layers().get(i);
      var module = layers.child(layer.module());
      starts.add(x);
      if (layer.skip() != null) {
        x = layer.skip().of(scope, x, starts);
      }
      var junction = layer.connection().open(module.child(2), x, inputs.mask());
      seen.add(junction.views().get(0));
      var integration = layer.integration();
      var views =
          integration == null
              ? junction.views()
              : integration.of(scope.child("layer_integrators").child(layer.module()), seen);
      var norms = layer.norms();
      var normed =
          views.stream()
              .map(view -> normed(norms.input(), module, injected(module, view)))
              .toList();
      var branch = branch(module, layer, i, x, normed);
      if (outer != null && sum != null) {
        sum = outer.added(module, layer.connection(), sum, branch, inputs.mask());
      }
      branch = normed(norms.output(), module, branch);
      x = normed(norms.sum(), module, junction.close().apply(branch));
      if (norms.outer() != null && sum != null) {
        x = module.add(x, normed(norms.outer(), module, sum));
      }
    }
    return new Result(
        plan.end().of(scope, x, sum, inputs), List.copyOf(hiddens), List.copyOf(weights));
  }

  private Value injected(Scope layer, Value x) {
    var added = inputs.conditions().injected();
    return added == null ? x : layer.add(x, added);
  }

  private Value normed(@Nullable PlacedNorm norm, Scope layer, Value x) {
    return norm == null ? x : norm.of(layer, x, inputs);
  }

  /**
   * Applies a layer to its normalized input.
   *
   * @param module the layer's module
   * @param residual the value before the layer
   * @param views the layer's input, or those of queries, keys and values
   */
  private Value branch(
      Scope module, LayerPlan layer, int index, Value residual, List<Value> views) {
    var context = new BranchWrapper.Context(layer.kind(), index, inputs);
    BiFunction<Scope, List<Value>, Value> inner =
        switch (layer.kind()) {
          case ATTENTION -> (scope, xs) -> selfAttention(scope, module, layer, residual, xs);
          case CROSS_ATTENTION -> (scope, xs) -> crossAttention(scope, layer, xs.get(0));
          case FEED_FORWARD -> (scope, xs) -> feedForward(scope, xs.get(0));
        };
    for (int i = layer.wrappers().size() - 1; i >= 0; i--) {
      var wrapper = layer.wrappers().get(i);
      var wrapped = inner;
      inner = (scope, xs) -> wrapper.of(scope, xs, context, wrapped);
    }
    return inner.apply(module.child(1), views);
  }

  private Value feedForward(Scope scope, Value x) {
    var out = plan.feedForward().of(scope, x);
    var factors = inputs.conditions().ofFeedForwards();
    int index = feedForwardIndex++;
    return index < factors.size() ? scope.mul(out, factors.get(index)) : out;
  }

  private Value selfAttention(
      Scope scope, Scope module, LayerPlan layer, Value residual, List<Value> views) {
    var memory = memory(module, layer);
    var x = views.get(0);
    var keys = afterMemory(scope, memory, views.size() == 1 ? x : views.get(1));
    var values = views.size() == 1 ? keys : afterMemory(scope, memory, views.get(2));
    var cache = caches.self() == null ? null : caches.self().layer(hiddens.size());
    hiddens.add(residual);
    var call =
        new Attention.Call(
            x,
            keys,
            values,
            positions.infused(),
            positions.rotations(),
            selfScores,
            biases.self(),
            residual(layer, firstSelf),
            cache);
    if (firstSelf == null) {
      firstSelf = new Source(plan.self().parts(), scope, call);
    }
    boolean keepsScores = plan.self().addsScores();
    if (!keepsScores && layer.valueMix() == null && !inputs.returnsAttention()) {
      return maskPadding(scope, plan.self(), plan.self().parts().out(scope, call));
    }
    var result = plan.self().parts().of(scope, call);
    selfScores = keepsScores ? result.scores() : null;
    weights.add(() -> ofUsedSlots(scope, result.weights()));
    return maskPadding(scope, plan.self(), result.out());
  }

  private static @Nullable ValueResidual residual(LayerPlan layer, @Nullable Source first) {
    return layer.valueMix() == null || first == null
        ? null
        : new ValueResidual(layer.valueMix(), first);
  }

  private static Value afterMemory(Scope scope, @Nullable Value memory, Value x) {
    return memory == null ? x : scope.concat(1, memory, x); // [b, past + n, d]
  }

  /** The memory of the next layer with self-attention, or null. */
  private @Nullable Value memory(Scope module, LayerPlan layer) {
    var memory = memory();
    return memory == null || !plan.masks().normsMemories()
        ? memory
        : normed(layer.norms().input(), module, memory);
  }

  private @Nullable Value memory() {
    var step = inputs.step();
    if (step != null && step.recurrence() != null) {
      return step.recurrence().memory(hiddens.size());
    }
    return inputs.memories().isEmpty() ? null : inputs.memories().get(hiddens.size());
  }

  private Value ofUsedSlots(Scope scope, Value all) {
    return caches.self() == null
        ? all
        : scope.slice(all, 3, scope.vector(0), caches.self().used(), scope.unknownDim());
  }

  private Value crossAttention(Scope scope, LayerPlan layer, Value x) {
    var keys = inputs.context() == null ? x : inputs.context();
    var cache = caches.cross() == null ? null : caches.cross().layer(crossAttentionIndex++);
    var call =
        new Attention.Call(
            x,
            keys,
            keys,
            null,
            null,
            crossScores,
            biases.cross(),
            residual(layer, firstCross),
            cache);
    if (firstCross == null) {
      firstCross = new Source(plan.cross().parts(), scope, call);
    }
    boolean keepsScores = plan.cross().addsScores();
    if (!keepsScores && layer.valueMix() == null && !inputs.returnsAttention()) {
      return maskPadding(scope, plan.cross(), plan.cross().parts().out(scope, call));
    }
    var result = plan.cross().parts().of(scope, call);
    crossScores = keepsScores ? result.scores() : null;
    weights.add(result::weights);
    return maskPadding(scope, plan.cross(), result.out());
  }

  /** Sets outputs at padding positions to zero, unless padding queries are masked instead. */
  private Value maskPadding(Scope scope, AttentionPlan attention, Value out) {
    return inputs.mask() == null || attention.padding().masksQueries()
        ? out
        : scope.where(scope.unsqueeze(inputs.mask(), 2), out, scope.scalar(0f));
  }
}
