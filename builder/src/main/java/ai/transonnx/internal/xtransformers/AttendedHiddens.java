package ai.transonnx.internal.xtransformers;

import ai.transonnx.attention.HeadRmsNorm;
import ai.transonnx.attention.RotaryEmbedding;
import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.graph.WeightExpression;
import ai.transonnx.layer.Rows;
import ai.transonnx.op.Scope;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Attention over the layers: each position attends to its hiddens in all layers so far. Immutable.
 *
 * @param dim number of features
 * @param heads number of heads
 * @param headDim number of features of a head
 * @param views the number of queries, each of which gives an input of the layer
 * @param queries computes the queries from the last hidden; null for learned queries
 * @param rotary rotates queries and keys by the index of the layer; or null
 * @param projectsOutput whether there is an output projection
 * @see <a href="https://arxiv.org/abs/2603.15031">Attention Residuals</a>
 */
public record AttendedHiddens(
    long dim,
    int heads,
    long headDim,
    int views,
    @Nullable HiddenQueries queries,
    @Nullable RotaryEmbedding rotary,
    boolean projectsOutput)
    implements LayerIntegration {
  @Override
  public List<Value> of(Scope scope, List<Value> hiddens) {
    var pooler = scope.child("attn_pool").child("pooler");
    var all = scope.concat(2, hiddens.stream().map(x -> scope.unsqueeze(x, 2)).toList());
    var keysAndValues =
        byHead(
            pooler,
            Rows.of(pooler, all),
            weights(pooler),
            Rows.count(hiddens.get(0)),
            hiddens.size());
    var parts = pooler.split(keysAndValues, 1, heads, heads); // each [b * n, h, l, d]
    var k = new HeadRmsNorm(heads, headDim).of(pooler.child("k_rmsnorm"), parts.get(0));
    var q = queries(scope, pooler, hiddens.get(hiddens.size() - 1));
    if (rotary != null) {
      var module = scope.child("pos_emb");
      int layers = hiddens.size();
      q = rotated(module, rotary, q, Math.max(layers - views, 0), layers);
      k = rotated(module, rotary, k, 0, layers);
    }
    var scores = pooler.matMul(q, pooler.transpose(k, 0, 1, 3, 2)); // [b * n, h, v, l]
    var gathered = pooler.matMul(pooler.softmax(scores), parts.get(1)); // [b * n, h, v, d]
    return views(pooler, gathered, hiddens.get(0));
  }

  /** The projections of keys and values: {@code [2 * h * d, dim]}. */
  private WeightExpression weights(Scope pooler) {
    return new WeightExpression.Stacked(List.of(weight(pooler, "to_k"), weight(pooler, "to_v")));
  }

  private WeightExpression weight(Scope pooler, String name) {
    return pooler.child(name).storedMatrix("weight", heads * headDim, dim);
  }

  /** The queries: {@code [b * n, h, v, d]}, or {@code [1, h, v, d]} if they are learned. */
  private Value queries(Scope scope, Scope pooler, Value last) {
    var rows =
        queries == null
            ? scope.child("attn_pool").parameter("queries", views, dim)
            : queries.of(scope.child("to_queries"), last); // [b * n * v, dim]
    var scaled = weight(pooler, "to_q").times(1 / Math.sqrt((double) headDim));
    return byHead(pooler, rows, scaled, queries == null ? Dim.of(1) : Rows.count(last), views);
  }

  /**
   * Projects features of several heads.
   *
   * @param rows {@code [each * count, dim]}
   * @return {@code [each, heads, count, d]}
   */
  private Value byHead(Scope scope, Value rows, WeightExpression weight, Dim each, int count) {
    var features = scope.gemm(rows, scope.matrix(weight));
    long parts = weight.shape().dim(0).size() / headDim;
    var shape = Shape.of(each, Dim.of(count), Dim.of(parts), Dim.of(headDim));
    var split = scope.reshape(features, scope.vector(-1, count, parts, headDim), shape);
    return scope.transpose(split, 0, 2, 1, 3);
  }

  private static Value rotated(Scope scope, RotaryEmbedding rotary, Value x, int from, int to) {
    var positions = scope.vector(LongStream.range(from, to).toArray());
    return rotary.at(scope, positions).of(scope, x);
  }

  private List<Value> views(Scope pooler, Value gathered, Value like) {
    long features = heads * headDim;
    var rows = Shape.of(pooler.unknownDim(), Dim.of(features));
    var merged =
        pooler.reshape(pooler.transpose(gathered, 0, 2, 1, 3), pooler.vector(-1, features), rows);
    var out =
        projectsOutput
            ? pooler.gemm(
                merged, pooler.matrix(pooler.child("to_out").storedMatrix("weight", dim, features)))
            : merged; // [b * n * v, dim]
    var sizes = pooler.concat(0, pooler.sizes(like, 0, 2), pooler.vector(views, dim));
    var shape = Shape.of(like.dim(0), like.dim(1), Dim.of(views), Dim.of(dim));
    var all = pooler.reshape(out, sizes, shape); // [b, n, v, dim]
    var each =
        views == 1
            ? List.of(all)
            : pooler.split(all, 2, LongStream.generate(() -> 1).limit(views).toArray());
    return each.stream().map(view -> pooler.squeeze(view, 2)).toList();
  }
}
