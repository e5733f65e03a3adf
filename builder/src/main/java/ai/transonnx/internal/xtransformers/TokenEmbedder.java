package ai.transonnx.internal.xtransformers;

import ai.transonnx.graph.Value;
import ai.transonnx.layer.Embedding;
import ai.transonnx.layer.L2Norm;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Computes the embeddings of tokens and positions.
 *
 * @param tied token embeddings shared with another wrapper; null if the wrapper has its own
 */
record TokenEmbedder(TokenPlan plan, Scope scope, TokenTransformer.@Nullable TiedEmbeddings tied) {
  /** The module of the vocabulary's embeddings. */
  Scope vocabulary() {
    return plan.embedding().vocabulary().module(tied == null ? scope : tied.scope());
  }

  /** The sum of all embeddings {@code [b, n, e]}. */
  Value of(TokenTransformer.Call call) {
    var tokens = call.tokens().get(0);
    var x = lookUp(tokens);
    var numbers = plan.embedding().numbers();
    if (numbers != null && call.numbers() != null) {
      x = numbers.scaled(scope, tokens, call.numbers(), x);
    }
    var positions = positions(call);
    if (positions != null) {
      x = scope.add(x, positions);
    }
    var tables = plan.embedding().tables();
    for (int i = 1; i < tables.size(); i++) {
      var table = tables.get(i);
      var embedding = new Embedding(table.count(), plan.features());
      x = scope.add(x, embedding.of(table.module(scope), call.tokens().get(i)));
    }
    return call.summed() == null ? x : scope.add(x, call.summed());
  }

  /**
   * A table that is used only here is normalized at export; a shared one is normalized in the
   * graph.
   */
  private Value lookUp(Value tokens) {
    var table = new Embedding(tied == null ? plan.tokens() : tied.count(), plan.features());
    var module = vocabulary();
    if (!plan.embedding().unit()) {
      return table.of(module, tokens);
    }
    boolean isShared =
        tied != null || plan.output().heads().stream().anyMatch(head -> head.projection() == null);
    return isShared
        ? new L2Norm(1).of(scope.child("token_emb"), table.of(module, tokens))
        : table.unit(module, tokens);
  }

  private @Nullable Value positions(TokenTransformer.Call call) {
    var given = call.positions();
    if (given != null && given.elements().isFloatingPoint()) {
      return given;
    }
    var embedding = plan.embedding().positions();
    if (embedding == null) {
      return null;
    }
    var module = scope.child("pos_emb");
    var tokens = call.tokens().get(0);
    var start = call.layers().bounds().start();
    if (start != null) {
      var all = given == null ? module.range(module.size(tokens, 1), tokens.dim(1)) : given;
      return embedding.from(module, all, start); // [b, n, e]
    }
    if (given != null) {
      return embedding.at(module, given); // [b, n, e]
    }
    var step = call.layers().step();
    return step == null
        ? embedding.first(module, module.size(tokens, 1), tokens.dim(1)) // [n, e]
        : embedding.at(
            module,
            MemoryTokens.positions(module, step, tokens, plan.memory().tokens())); // [b, n, e]
  }
}
