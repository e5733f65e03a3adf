package ai.transonnx.internal.xtransformers;

import ai.transonnx.graph.Value;
import ai.transonnx.layer.Embedding;
import ai.transonnx.layer.L2Norm;
import ai.transonnx.layer.Linear;
import ai.transonnx.layer.Rows;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The computation of {@code TransformerWrapper}, as a part of a model.
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
   * @param tokens int64 {@code [b, n]}
   * @param positions int64 {@code [b, n]}, or position embeddings {@code [b, n, e]}; null for the
   *     positions 0 to n - 1
   * @param summed added to the embeddings {@code [b, n, e]}, or null
   * @param prepended prepended to the embeddings {@code [b, p, e]}, or null
   * @param layers the inputs of the layer stack
   */
  record Call(
      Value tokens,
      @Nullable Value positions,
      @Nullable Value summed,
      @Nullable Value prepended,
      LayerInputs layers) {}

  /**
   * The outputs.
   *
   * @param embeddings {@code [b, n, dim]}
   * @param memories the memories that the layers received {@code [b, past, dim]}; empty without
   *     memories
   * @param hiddens the input of each layer with self-attention {@code [b, n, dim]}
   * @param attention the attention map of each attention layer {@code [b, h, n, j]}, computed on
   *     demand
   */
  record Result(
      Value embeddings,
      List<Value> memories,
      List<Value> hiddens,
      List<Supplier<Value>> attention) {}

  Result of(Scope scope, Call call) {
    var x = embed(scope, call); // [b, n, e]
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
    var tokens = memoryTokens();
    var own = x;
    if (tokens != null) {
      var count = tokens.count(scope, layers.step());
      x = tokens.prependTo(scope, x, count);
      layers = layers.withMask(tokens.extendMask(scope, layers.mask(), count));
    }
    var result = LayerStack.of(plan.stack(), scope.child("attn_layers"), x, layers);
    var norm = plan.output().norm();
    var normed = norm == null ? result.out() : norm.of(scope, result.out(), layers);
    var embeddings = tokens == null ? normed : tokens.removeFrom(scope, normed, own);
    return new Result(embeddings, layers.memories(), result.hiddens(), result.attention());
  }

  /**
   * Computes the logits of embeddings.
   *
   * @return {@code [b, n, v]}
   */
  Value logits(Scope scope, Value embeddings) {
    long dim = plan.stack().dim();
    var logits = plan.output().logits();
    if (logits != null) {
      return new Linear(dim, logits.count(), logits.biased())
          .last(scope.child("to_logits"), embeddings);
    }
    var weight = tokenEmbedding(scope).matrix("weight", plan.tokens(), dim);
    var rows = scope.gemm(Rows.of(scope, embeddings), weight); // [b * n, v]
    return Rows.sequences(scope, rows, embeddings);
  }

  private Scope tokenEmbedding(Scope scope) {
    var parent = tied == null ? scope : tied.scope;
    var module = parent.child("token_emb");
    return plan.embedding().table().isEmpty() ? module : module.child(plan.embedding().table());
  }

  private Value embed(Scope scope, Call call) {
    var table = new Embedding(tied == null ? plan.tokens() : tied.count, plan.features());
    var x = lookUp(scope, table, call.tokens); // [b, n, e]
    var positions = positions(scope, call);
    if (positions != null) {
      x = scope.add(x, positions);
    }
    return call.summed == null ? x : scope.add(x, call.summed);
  }

  /**
   * A table that is used only here is normalized at export; a shared one is normalized in the
   * graph.
   */
  private Value lookUp(Scope scope, Embedding table, Value tokens) {
    var module = tokenEmbedding(scope);
    if (!plan.embedding().unit()) {
      return table.of(module, tokens);
    }
    boolean isShared = tied != null || plan.output().logits() == null;
    return isShared
        ? new L2Norm(1).of(scope.child("token_emb"), table.of(module, tokens))
        : table.unit(module, tokens);
  }

  private @Nullable Value positions(Scope scope, Call call) {
    var given = call.positions;
    if (given != null && given.elements().isFloatingPoint()) {
      return given;
    }
    var embedding = plan.embedding().positions();
    if (embedding == null) {
      return null;
    }
    var module = scope.child("pos_emb");
    if (given != null) {
      return embedding.at(module, given); // [b, n, e]
    }
    var step = call.layers.step();
    return step == null
        ? embedding.first(module, module.size(call.tokens, 1), call.tokens.dim(1)) // [n, e]
        : embedding.at(module, tokenPositions(module, step, call.tokens)); // [b, n, e]
  }

  /** The positions of tokens, not counting memory tokens: int64 {@code [b, n]}. */
  private Value tokenPositions(Scope scope, StepContext step, Value tokens) {
    var positions = step.positions(scope, tokens);
    if (plan.memory().tokens() == 0) {
      return positions;
    }
    var memory = scope.scalar((long) plan.memory().tokens());
    var isFirst = scope.less(step.position(), memory); // [b]
    return scope.where(scope.unsqueeze(isFirst, 1), positions, scope.sub(positions, memory));
  }

  private @Nullable MemoryTokens memoryTokens() {
    return plan.memory().tokens() == 0
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
    var memories = new ArrayList<Value>();
    for (int i = 0; i < result.hiddens.size(); i++) {
      var hidden = result.hiddens.get(i);
      var all =
          result.memories.isEmpty() ? hidden : scope.concat(1, result.memories.get(i), hidden);
      memories.add(scope.last(all, 1, plan.memory().length(), scope.unknownDim()));
    }
    return memories;
  }
}
