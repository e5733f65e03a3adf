package ai.transonnx.internal.xtransformers;

import ai.transonnx.graph.Value;
import ai.transonnx.layer.Linear;
import ai.transonnx.op.Scope;
import java.util.List;

/**
 * A skip connection as in a U-Net: a linear layer combines the input of an earlier layer with that
 * of a layer. Immutable.
 *
 * @param module the index of its module in {@code skip_combines}
 * @param source the position of the earlier layer in the order of execution
 */
public record SkipConnection(int dim, int module, int source) {
  /**
   * The combined input.
   *
   * @param scope the stack's module
   * @param starts the inputs of all layers up to the one of the connection
   */
  Value of(Scope scope, Value x, List<Value> starts) {
    var combine = scope.child("skip_combines").child(module).child("combine");
    var both = scope.concat(x.rank() - 1, starts.get(source), x);
    return new Linear(2L * dim, dim, false).of(combine, both);
  }
}
