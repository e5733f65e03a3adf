package ai.transonnx.internal.xtransformers;

import ai.transonnx.InputException;
import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.layer.SquaredError;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The computation of a {@code ContinuousTransformerWrapper}. */
record VectorTransformer(VectorPlan plan) {
  /**
   * The inputs.
   *
   * @param x {@code [b, n, dim_in]}
   * @param positions int64 {@code [b, n]}; null for the positions 0 to n - 1
   * @param summed added to the projected inputs {@code [b, n, dim]}, or null
   * @param prepended prepended to them {@code [b, p, dim]}, or null
   * @param layers the inputs of the layers
   */
  record Call(
      Value x,
      @Nullable Value positions,
      @Nullable Value summed,
      @Nullable Value prepended,
      LayerInputs layers) {}

  /**
   * The outputs.
   *
   * @param embeddings {@code [b, n, dim]}, or pooled embeddings {@code [b, dim]}
   * @param memories the memory of each layer with self-attention for the next call
   * @param attention the attention map of each attention layer, computed on demand
   */
  record Result(
      Value embeddings, Supplier<List<Value>> memories, List<Supplier<Value>> attention) {}

  Result of(Scope scope, Call call) {
    var projected = plan.in() == null ? call.x : plan.in().of(scope.child("project_in"), call.x);
    var x = withPositions(scope, projected, call); // [b, n, d]
    if (call.summed != null) {
      x = scope.add(x, call.summed);
    }
    if (plan.embeddingNorm() != null) {
      x = plan.embeddingNorm().of(scope.child("post_emb_norm"), x);
    }
    var inputs = call.layers;
    var own = x;
    var tokens = memoryTokens();
    if (tokens != null) {
      var count = tokens.count(scope, inputs.step());
      x = tokens.prependTo(scope, x, count);
      inputs = inputs.withMask(tokens.extendMask(scope, inputs.mask(), count));
    }
    if (call.prepended != null) {
      x = scope.concat(1, call.prepended, x);
    }
    var result = LayerStack.of(plan.stack(), scope.child("attn_layers"), x, inputs);
    var norm = plan.output().norm();
    var normed = norm == null ? result.out() : norm.of(scope, result.out(), inputs);
    var embeddings = tokens == null ? normed : tokens.removeFrom(scope, normed, own);
    return new Result(
        plan.output().pooling() instanceof Pooling.Mean mean
            ? mean.of(scope, embeddings, call.layers.mask())
            : embeddings,
        () -> plan.memory().next(scope, call.layers.memories(), result.hiddens()),
        result.attention());
  }

  private @Nullable MemoryTokens memoryTokens() {
    return plan.memory().tokens() == 0
        ? null
        : new MemoryTokens(plan.memory().tokens(), plan.stack().dim());
  }

  private Value withPositions(Scope scope, Value x, Call call) {
    var embedding = plan.positions();
    var given = call.positions;
    if (embedding == null) {
      if (given != null) {
        throw new InputException(
            "input 'pos' is requested, but the class has no position embeddings");
      }
      return x;
    }
    var module = scope.child("pos_emb");
    var step = call.layers.step();
    var positions =
        given == null && step != null
            ? MemoryTokens.positions(module, step, x, plan.memory().tokens())
            : given;
    return scope.add(
        x,
        positions == null
            ? embedding.first(module, module.size(x, 1), x.dim(1))
            : embedding.at(module, positions));
  }

  /**
   * The output of embeddings {@code [b, n, dim]}: {@code [b, n, dim_out]}, or the means and the
   * variances {@code [2, b, n, dim_out]}.
   */
  Value out(Scope scope, Value embeddings) {
    var projected = projected(scope, embeddings);
    if (plan.output().gaussian() == null) {
      return projected;
    }
    var parts = meanAndVariance(scope, projected);
    return scope.concat(0, scope.unsqueeze(parts.get(0), 0), scope.unsqueeze(parts.get(1), 0));
  }

  private Value projected(Scope scope, Value embeddings) {
    var projection = plan.output().projection();
    return projection == null ? embeddings : projection.of(scope.child("project_out"), embeddings);
  }

  /** The means and the variances, whose logarithms follow the means of the same features. */
  private static List<Value> meanAndVariance(Scope scope, Value projected) {
    int last = projected.rank() - 1;
    long features = projected.dim(-1).size() / 2;
    var sizes = scope.concat(0, scope.sizes(projected, 0, last), scope.vector(features, 2));
    var dims = new ArrayList<>(projected.shape().dims().subList(0, last));
    dims.add(Dim.of(features));
    dims.add(Dim.of(2));
    var pairs = scope.reshape(projected, sizes, new Shape(dims)); // [.., d, 2]
    var means = scope.squeeze(scope.slice(pairs, last + 1, 0, 1), last + 1);
    var logarithms = scope.squeeze(scope.slice(pairs, last + 1, 1, 2), last + 1);
    return List.of(means, scope.exp(logarithms));
  }

  /**
   * The loss of the outputs of embeddings.
   *
   * @param targets {@code [b, n, dim_in]}
   * @param kept bool {@code [b, n]}: the vectors to include; null for all
   * @return a scalar
   */
  Value loss(Scope scope, Value embeddings, Value targets, @Nullable Value kept) {
    var projected = projected(scope, embeddings);
    var gaussian = plan.output().gaussian();
    var parts = gaussian == null ? List.of(projected) : meanAndVariance(scope, projected);
    if (!parts.get(0).shape().equals(targets.shape())) {
      throw new InputException(
          "output 'loss' needs equal 'dim_in' and 'dim_out', since it compares outputs with"
              + " inputs");
    }
    var module = scope.child("loss");
    return gaussian == null
        ? SquaredError.of(module, projected, targets, kept)
        : gaussian.of(module, parts.get(0), parts.get(1), targets, kept);
  }
}
