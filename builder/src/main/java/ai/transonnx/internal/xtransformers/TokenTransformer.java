package ai.transonnx.internal.xtransformers;

import ai.transonnx.graph.Value;
import ai.transonnx.layer.Linear;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The computation of a wrapper of tokens, as a part of a model.
 *
 * @param tied token embeddings shared with another wrapper; null if the wrapper has its own
 */
record TokenTransformer(TokenPlan plan, @Nullable TiedEmbeddings tied) {
  /**
   * Token embeddings shared by two wrappers.
   *
   * @param scope the parent scope of {@code token_emb}
   * @param count the vocabulary size
   */
  record TiedEmbeddings(Scope scope, int count) {}

  /**
   * The inputs.
   *
   * @param tokens the indices into each table: int64 {@code [b, n]}
   * @param numbers the numbers that tokens stand for {@code [b, n]}, or null
   * @param positions int64 {@code [b, n]}, or position embeddings {@code [b, n, e]}; null for the
   *     positions 0 to n - 1
   * @param summed added to the embeddings {@code [b, n, e]}, or null
   * @param prepended prepended to the embeddings {@code [b, p, e]}, or null
   * @param layers the inputs of the layer stack
   */
  record Call(
      List<Value> tokens,
      @Nullable Value numbers,
      @Nullable Value positions,
      @Nullable Value summed,
      @Nullable Value prepended,
      LayerInputs layers) {
    Call {
      tokens = List.copyOf(tokens);
    }

    /** A call with tokens, and embeddings before them, alone. */
    static Call of(Value tokens, @Nullable Value prepended, LayerInputs layers) {
      return new Call(List.of(tokens), null, null, null, prepended, layers);
    }
  }

  /**
   * The outputs.
   *
   * @param embeddings {@code [b, n, dim]}, or pooled embeddings
   * @param memories the memories that the layers received {@code [b, past, dim]}; empty without
   *     memories
   * @param hiddens the input of each layer with self-attention {@code [b, n, dim]}
   * @param attention the attention map of each attention layer {@code [b, h, n, j]}, computed on
   *     demand
   * @param mask bool {@code [b, n]}: positions that are not padding, or null
   */
  record Result(
      Value embeddings,
      List<Value> memories,
      List<Value> hiddens,
      List<Supplier<Value>> attention,
      @Nullable Value mask) {}

  Result of(Scope scope, Call call) {
    var x = new TokenEmbedder(plan, scope, tied).of(call); // [b, n, e]
    if (plan.embedding().norm() != null) {
      x = plan.embedding().norm().of(scope.child("post_emb_norm"), x);
    }
    if (call.prepended != null) {
      x = scope.concat(1, call.prepended, x); // [b, p + n, e]
    }
    int dim = plan.stack().dim();
    if (plan.features() != dim) {
      x = new Linear(plan.features(), dim).of(scope.child("project_emb"), x);
    }
    var layers =
        call.layers.withMemories(shiftedDown(call.layers.memories(), plan.memory().shift()));
    var deep = plan.embedding().deep();
    if (deep != null) {
      layers = layers.withFeedForwardFactors(deep.of(scope, call.tokens.get(0)));
    }
    if (plan.output().pooling() instanceof Pooling.ClassTokens classTokens) {
      x = classTokens.prependTo(scope, x);
      layers = layers.withMask(classTokens.extendMask(scope, layers.mask()));
    }
    var own = x;
    var interspersed = interspersedTokens();
    var tokens = memoryTokens();
    if (interspersed != null) {
      x = interspersed.insertInto(scope, x);
    } else if (tokens != null) {
      var count = tokens.count(scope, layers.step());
      x = tokens.prependTo(scope, x, count);
      layers = layers.withMask(tokens.extendMask(scope, layers.mask(), count));
    }
    var result = plan.passes().of(scope, plan.stack(), x, layers);
    var norm = plan.output().norm();
    var normed = norm == null ? result.out() : norm.of(scope, result.out(), layers);
    var embeddings =
        interspersed != null
            ? interspersed.removeFrom(scope, normed, own)
            : tokens == null ? normed : tokens.removeFrom(scope, normed, own);
    var mask = call.layers.mask();
    return new Result(
        pooled(scope, embeddings, mask),
        layers.memories(),
        result.hiddens(),
        result.attention(),
        mask);
  }

  private Value pooled(Scope scope, Value x, @Nullable Value mask) {
    var pooling = plan.output().pooling();
    if (pooling instanceof Pooling.Mean mean) {
      return mean.of(scope, x, mask);
    }
    return pooling instanceof Pooling.ClassTokens tokens ? tokens.of(scope, x) : x;
  }

  /** The computation of logits. */
  TokenOutputs outputs(Scope scope) {
    return new TokenOutputs(plan, scope, new TokenEmbedder(plan, scope, tied).vocabulary());
  }

  private @Nullable InterspersedTokens interspersedTokens() {
    var memory = plan.memory();
    return memory.isInterspersed()
        ? new InterspersedTokens(memory.tokens(), memory.every(), plan.stack().dim())
        : null;
  }

  private @Nullable MemoryTokens memoryTokens() {
    return plan.memory().tokens() == 0 || plan.memory().isInterspersed()
        ? null
        : new MemoryTokens(plan.memory().tokens(), plan.stack().dim());
  }

  /** Shifts memories down, so that each layer gets the memory of a higher one; they wrap around. */
  static List<Value> shiftedDown(List<Value> memories, int layers) {
    int shift = Math.min(layers, memories.size());
    var shifted = new ArrayList<>(memories.subList(shift, memories.size()));
    shifted.addAll(memories.subList(0, shift));
    return shifted;
  }

  /**
   * The memories for the next call: the last positions of old memories and layer inputs.
   *
   * @return the memory of each layer with self-attention {@code [b, past, dim]}
   */
  List<Value> memories(Scope scope, Result result) {
    return plan.memory().next(scope, result.memories, result.hiddens);
  }
}
