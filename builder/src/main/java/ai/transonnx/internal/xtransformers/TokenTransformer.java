package ai.transonnx.internal.xtransformers;

import ai.transonnx.graph.Value;
import ai.transonnx.layer.Embedding;
import ai.transonnx.layer.L2Norm;
import ai.transonnx.layer.LayerNorm;
import ai.transonnx.layer.Linear;
import ai.transonnx.layer.Rows;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What {@code TransformerWrapper} computes, as a part of a model.
 *
 * @param tied embeddings that another wrapper has, too; null for its own
 */
record TokenTransformer(TokenPlan plan, @Nullable Tied tied) {
  /**
   * Embeddings of two wrappers.
   *
   * @param scope where {@code token_emb} is
   * @param count how many there are
   */
  record Tied(Scope scope, int count) {}

  /**
   * What goes in.
   *
   * @param tokens int64 {@code [b, n]}
   * @param positions int64 {@code [b, n]}, or embeddings of them {@code [b, n, e]}; null for 0 to n
   * @param summed added to the embeddings {@code [b, n, e]}, or null
   * @param prepended before the embeddings {@code [b, p, e]}, or null
   */
  record Call(
      Value tokens,
      @Nullable Value positions,
      @Nullable Value summed,
      @Nullable Value prepended,
      LayerInputs layers) {}

  /**
   * What comes out.
   *
   * @param embeddings {@code [b, n, dim]}
   * @param memories that the layers were given {@code [b, past, dim]}; or none
   * @param hiddens what went into each layer that attends to its own sequence {@code [b, n, dim]}
   * @param attention each attention's weights {@code [b, h, n, j]}
   */
  record Result(
      Value embeddings,
      List<Value> memories,
      List<Value> hiddens,
      List<Supplier<Value>> attention) {}

  Result of(Scope scope, Call call) {
    var x = embed(scope, call); // [b, n, e]
    if (plan.normedEmbeddings()) {
      x = new LayerNorm(plan.features()).of(scope.child("post_emb_norm"), x);
    }
    if (call.prepended != null) {
      x = scope.concat(1, call.prepended, x); // [b, p + n, e]
    }
    int dim = plan.stack().dim();
    if (plan.features() != dim) {
      x = new Linear(plan.features(), dim).of(scope.child("project_emb"), x);
    }
    var layers = call.layers.withMemories(shiftedDown(call.layers.memories(), plan.memoryShift()));
    var tokens = memoryTokens();
    var own = x;
    if (tokens != null) {
      var count = tokens.count(scope, layers.continuation());
      x = tokens.before(scope, x, count);
      layers = layers.withMask(tokens.kept(scope, layers.mask(), count));
    }
    var result = LayerStack.of(plan.stack(), scope.child("attn_layers"), x, layers);
    var normed = new LayerNorm(dim).of(scope.child("norm"), result.out());
    var embeddings = tokens == null ? normed : tokens.behind(scope, normed, own);
    return new Result(embeddings, layers.memories(), result.hiddens(), result.attention());
  }

  /**
   * The logits of embeddings.
   *
   * @return {@code [b, n, v]}
   */
  Value logits(Scope scope, Value embeddings) {
    long dim = plan.stack().dim();
    if (plan.logits() != null) {
      return new Linear(dim, plan.logits()).last(scope.child("to_logits"), embeddings);
    }
    var weight = tokenEmbedding(scope).matrix("weight", plan.tokens(), dim);
    var logits = scope.gemm(Rows.of(scope, embeddings), weight); // [b * n, v]
    return Rows.sequences(scope, logits, embeddings);
  }

  private Scope tokenEmbedding(Scope scope) {
    var parent = tied == null ? scope : tied.scope;
    var module = parent.child("token_emb");
    return plan.embeddings().isEmpty() ? module : module.child(plan.embeddings());
  }

  private Value embed(Scope scope, Call call) {
    var table = new Embedding(tied == null ? plan.tokens() : tied.count, plan.features());
    var x = looked(scope, table, call.tokens); // [b, n, e]
    var positions = positions(scope, call);
    if (positions != null) {
      x = scope.add(x, positions);
    }
    return call.summed == null ? x : scope.add(x, call.summed);
  }

  /** Vectors that nothing else is made of are normalized when they are exported. */
  private Value looked(Scope scope, Embedding table, Value tokens) {
    var module = tokenEmbedding(scope);
    if (!plan.unitEmbeddings()) {
      return table.of(module, tokens);
    }
    boolean isShared = tied != null || plan.logits() == null;
    return isShared
        ? new L2Norm(1).of(scope.child("token_emb"), table.of(module, tokens))
        : table.unit(module, tokens);
  }

  private @Nullable Value positions(Scope scope, Call call) {
    var given = call.positions;
    if (given != null && given.elements().isFloatingPoint()) {
      return given;
    }
    var embedding = plan.positions();
    if (embedding == null) {
      return null;
    }
    var module = scope.child("pos_emb");
    if (given != null) {
      return embedding.at(module, given); // [b, n, e]
    }
    var continuation = call.layers.continuation();
    return continuation == null
        ? embedding.first(module, module.size(call.tokens, 1), call.tokens.dim(1)) // [n, e]
        : embedding.at(module, places(module, continuation, call.tokens)); // [b, n, e]
  }

  /** The places of tokens, in which memory tokens do not count: int64 {@code [b, n]}. */
  private Value places(Scope scope, StepContext continuation, Value tokens) {
    var places = continuation.positions(scope, tokens);
    if (plan.memoryTokens() == 0) {
      return places;
    }
    var memory = scope.scalar((long) plan.memoryTokens());
    var isFirst = scope.less(continuation.position(), memory); // [b]
    return scope.where(scope.unsqueeze(isFirst, 1), places, scope.sub(places, memory));
  }

  private @Nullable MemoryTokens memoryTokens() {
    return plan.memoryTokens() == 0
        ? null
        : new MemoryTokens(plan.memoryTokens(), plan.stack().dim());
  }

  /** The first memories become the last: a layer sees that of a layer above it. */
  static List<Value> shiftedDown(List<Value> memories, int layers) {
    int shift = Math.min(layers, memories.size());
    var shifted = new ArrayList<>(memories.subList(shift, memories.size()));
    shifted.addAll(memories.subList(0, shift));
    return shifted;
  }

  /**
   * What the next call may be given: the last positions that the layers have seen.
   *
   * @return for each layer that attends to its own sequence {@code [b, past, dim]}
   */
  List<Value> memories(Scope scope, Result result) {
    var memories = new ArrayList<Value>();
    for (int i = 0; i < result.hiddens.size(); i++) {
      var hidden = result.hiddens.get(i);
      var all =
          result.memories.isEmpty() ? hidden : scope.concat(1, result.memories.get(i), hidden);
      memories.add(scope.last(all, 1, plan.memoryLength(), scope.unknownDim()));
    }
    return memories;
  }
}
