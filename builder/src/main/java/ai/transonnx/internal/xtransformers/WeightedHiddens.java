package ai.transonnx.internal.xtransformers;

import ai.transonnx.graph.Value;
import ai.transonnx.layer.Linear;
import ai.transonnx.layer.Norm;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Layer-Integrated Memory (LIMe): sums of the hiddens, whose weights are functions of the last one.
 * Immutable.
 *
 * @param layers the number of hiddens
 * @param views the number of sums
 * @param norm normalizes the last hidden before its weights are computed; or null
 * @param softmax whether weights are a softmax, not a rectified linear unit
 * @see <a href="https://arxiv.org/abs/2502.09245">You Do Not Fully Utilize Transformer's
 *     Representation Capacity</a>
 */
public record WeightedHiddens(long dim, int layers, int views, @Nullable Norm norm, boolean softmax)
    implements LayerIntegration {
  @Override
  public List<Value> of(Scope scope, List<Value> hiddens) {
    var module = scope.child("to_weights");
    var last = hiddens.get(hiddens.size() - 1);
    var normed = norm == null ? last : norm.of(module.child(0), last);
    long outputs = (long) views * layers;
    var logits = new Linear(dim, outputs).of(module.child(norm == null ? 0 : 1), normed);
    var each = views == 1 ? List.of(logits) : module.split(logits, 2, sizes(views, layers));
    return each.stream().map(view -> sum(module, view, hiddens)).toList();
  }

  private Value sum(Scope scope, Value logits, List<Value> hiddens) {
    var weights = softmax ? scope.softmax(logits) : scope.relu(logits); // [b, n, layers]
    var each = layers == 1 ? List.of(weights) : scope.split(weights, 2, sizes(layers, 1));
    var terms = new ArrayList<Value>();
    for (int i = 0; i < layers; i++) {
      terms.add(scope.mul(hiddens.get(i), each.get(i)));
    }
    return terms.stream().reduce(scope::add).orElseThrow();
  }

  private static long[] sizes(int count, long size) {
    var sizes = new long[count];
    Arrays.fill(sizes, size);
    return sizes;
  }
}
