package ai.transonnx.golden;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.BuildContext;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.architecture.PastState;
import ai.transonnx.attention.KeyValueCache;
import ai.transonnx.attention.MemoryKeyValues.KeyValues;
import ai.transonnx.attention.Positions;
import ai.transonnx.format.Dim;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.layer.Embedding;
import ai.transonnx.layer.LayerNorm;
import ai.transonnx.layer.Linear;
import ai.transonnx.layer.Rows;
import ai.transonnx.op.MatrixOrder;
import ai.transonnx.op.Scope;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** GPT-2: b sequences, n positions, v tokens, d features, h heads of e features. */
public record Gpt2(Gpt2.Config config) implements Architecture {
  /** The configuration; all of it goes to the file's metadata. */
  public record Config(int vocabSize, int maxLength, int dim, int depth, int heads) {}

  @Override
  public String className() {
    return "GPT2";
  }

  @Override
  public Library library() {
    return Library.custom("gpt-2", "1.0");
  }

  @Override
  public boolean isIncremental(GraphRequest request) {
    return true;
  }

  /** Older checkpoints also store the causal mask. */
  @Override
  public Set<String> unusedWeights(GraphRequest request) {
    return Set.of("h.*.attn.bias", "h.*.attn.masked_bias");
  }

  @Override
  public Model build(GraphRequest request) {
    var context = BuildContext.of(request);
    context.checkInputs(List.of("tokens"));
    context.checkLength(config.maxLength());
    var outputs = context.checkedOutputs(List.of("logits"));

    var model = context.model(className());
    model.property(MetadataKey.MAX_LENGTH, config.maxLength());
    var tokens = model.tokens("tokens", config.vocabSize(), context.batch(), context.length());
    // GPT-2 stores the weights of its layers as [in, out].
    var scope = Scope.of(model.graph(), MatrixOrder.INPUTS_FIRST);
    Optional<KeyValueCache> cache =
        context.incremental()
            ? Optional.of(cache(scope, context.pastState(model, scope, tokens), tokens))
            : Optional.empty();
    if (context.incremental()) {
      model.ragged(); // the rows of a call may have different positions
    }
    var positions =
        cache.map(KeyValueCache::positions).orElseGet(() -> Positions.of(scope, tokens));

    var x = embedding(scope, tokens, positions); // [b, n, d]
    for (int layer = 0; layer < config.depth(); layer++) {
      x = block(scope.child("h").child(layer), x, positions, cache, layer);
    }
    var last = context.scoredPositions(scope, x); // [b, n, d], or [b, 1, d]
    model.output(outputs.get(0), logits(scope, last));
    return model.build();
  }

  private KeyValueCache cache(Scope scope, PastState past, Value tokens) {
    var layout = KeyValueCache.Layout.of(config.depth(), config.heads(), headDim());
    return KeyValueCache.of(scope, past, layout, tokens);
  }

  private long headDim() {
    return config.dim() / config.heads();
  }

  private Value embedding(Scope scope, Value tokens, Positions positions) {
    var wte = new Embedding(config.vocabSize(), config.dim());
    var wpe = new Embedding(config.maxLength(), config.dim());
    return scope.add(
        wte.of(scope.child("wte"), tokens), wpe.of(scope.child("wpe"), positions.queries()));
  }

  /** The head is tied: its matrix is that of the token embedding. */
  private Value logits(Scope scope, Value x) {
    var normed = new LayerNorm(config.dim()).of(scope.child("ln_f"), x);
    var wte = scope.child("wte").matrix("weight", config.vocabSize(), config.dim());
    return Rows.sequences(scope, scope.gemm(Rows.of(scope, normed), wte), normed); // [b, n, v]
  }

  private Value block(
      Scope scope, Value x, Positions positions, Optional<KeyValueCache> cache, int layer) {
    var norm = new LayerNorm(config.dim());
    var toAttend = norm.of(scope.child("ln_1"), x);
    var attended = scope.add(x, attention(scope.child("attn"), toAttend, positions, cache, layer));
    return scope.add(attended, mlp(scope.child("mlp"), norm.of(scope.child("ln_2"), attended)));
  }

  private Value attention(
      Scope scope, Value x, Positions positions, Optional<KeyValueCache> cache, int layer) {
    long d = config.dim();
    var projected = new Linear(d, 3 * d).of(scope.child("c_attn"), x); // [b, n, 3 * d]
    var parts = scope.split(projected, 2, d, d, d);
    var queries = heads(scope, parts.get(0)); // [b, h, n, e]
    var own = new KeyValues(heads(scope, parts.get(1)), heads(scope, parts.get(2)));
    var all = cache.map(kept -> kept.append(scope, layer, own)).orElse(own); // [b, h, j, e]

    var products = scope.matMul(queries, scope.transpose(all.keys(), 0, 1, 3, 2)); // [b, h, n, j]
    var scale = scope.scalar(1 / Math.sqrt((double) headDim()));
    var scores = scope.mul(scope.widen(products), scale);
    var isVisible = scope.greaterOrEqual(positions.distances(), scope.scalar(0L));
    var causal = scope.where(isVisible, scores, scope.lowest());
    var gathered = scope.matMul(scope.softmax(causal), all.values()); // [b, h, n, e]

    var byPosition = scope.transpose(gathered, 0, 2, 1, 3); // [b, n, h, e]
    var merged = scope.reshape(byPosition, Shape.of(x.dim(0), x.dim(1), Dim.of(d))); // [b, n, d]
    return new Linear(d, d).of(scope.child("c_proj"), merged);
  }

  /** {@code [b, n, d]} as {@code [b, h, n, e]}. */
  private Value heads(Scope scope, Value x) {
    var shape = Shape.of(x.dim(0), x.dim(1), Dim.of(config.heads()), Dim.of(headDim()));
    return scope.transpose(scope.reshape(x, shape), 0, 2, 1, 3);
  }

  private Value mlp(Scope scope, Value x) {
    long d = config.dim();
    var hidden = new Linear(d, 4 * d).of(scope.child("c_fc"), x); // [b, n, 4 * d]
    return new Linear(4 * d, d).of(scope.child("c_proj"), scope.geluTanh(hidden));
  }
}
