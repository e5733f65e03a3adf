package ai.transonnx.internal.xtransformers;

import ai.transonnx.attention.Attention;
import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * The library's {@code AttentionPool}: learned queries attend to all positions. Immutable.
 *
 * @param count the number of queries
 * @param layers the layers of a {@code CrossAttender}
 * @param isStack whether all layers are applied, or their attention alone
 */
public record AttentionPool(int count, StackPlan layers, boolean isStack) {
  /**
   * Pools a sequence.
   *
   * @param module the pool's module
   * @param x {@code [b, n, d]}
   * @param kept bool {@code [b, n]}, or null
   * @return {@code [b, count, pooled]}
   */
  Value of(Scope module, Value x, @Nullable Value kept) {
    var weights = module.parameter("queries", count, layers.dim());
    var sizes = module.concat(0, module.size(x, 0), module.vector(count, layers.dim()));
    var shape = Shape.of(x.dim(0), Dim.of(count), Dim.of(layers.dim()));
    var queries = module.expand(module.unsqueeze(weights, 0), sizes, shape);
    var inputs = LayerInputs.none().withContext(x, kept);
    var pooler = module.child("pooler");
    if (isStack) {
      return LayerStack.of(layers, pooler, queries, inputs).out();
    }
    var none = new AttentionCaches(null, null);
    var bias = AttentionBiases.of(pooler, layers, queries, inputs, none).cross();
    var call = new Attention.Call(queries, x, x, null, null, null, bias, null, null);
    return layers.cross().parts().out(pooler, call);
  }
}
