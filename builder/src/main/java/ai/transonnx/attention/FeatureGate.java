package ai.transonnx.attention;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.layer.Linear;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A gate of the heads' outputs: of the input at the query's position, {@code gate_values}, as in
 * AlphaFold 2; of the output itself, {@code output_gate}; or of the sum of both.
 *
 * <p>Immutable; threads may share it.
 *
 * @param input the layer that computes gates from the input, or null
 * @param output the layer that computes gates from the output, or null
 * @param heads number of heads
 * @param activation the function of the layers' sum
 * @see <a href="https://arxiv.org/abs/2608.11805">Hybrid gated attention</a>
 */
public record FeatureGate(
    @Nullable Projection input, @Nullable Projection output, int heads, Activation activation)
    implements OutputTransform {
  /** The function that turns the sum of the layers into gates. */
  public enum Activation {
    SIGMOID,
    SILU
  }

  /**
   * A layer that computes gates: a linear layer, or two with fewer features between them.
   *
   * @param name the layer's module
   * @param dim number of input features
   * @param out number of gates: one for each feature of the heads' outputs, or one for each head
   * @param biased whether the layer has a bias
   * @param rank number of features between two linear layers; null for one linear layer
   * @param activated whether the features between two layers pass a SiLU
   */
  public record Projection(
      String name, long dim, long out, boolean biased, @Nullable Integer rank, boolean activated) {
    private Value of(Scope scope, Value x) {
      var module = scope.child(name);
      if (rank == null) {
        return new Linear(dim, out, biased).of(module, x); // [rows, out]
      }
      var down = new Linear(dim, rank, biased).of(module.child("down"), x); // [rows, rank]
      var inner = activated ? module.silu(down) : down;
      return new Linear(rank, out, biased).of(module.child("up"), inner);
    }
  }

  @Override
  public Value of(Scope scope, Value out, Value x) {
    long features = out.dim(1).size();
    var logits = new ArrayList<Value>();
    if (input != null) {
      logits.add(input.of(scope, x));
    }
    if (output != null) {
      logits.add(output.of(scope, out));
    }
    if (logits.stream().allMatch(each -> each.dim(1).is(features))) {
      return scope.mul(out, activated(scope, sum(scope, logits))); // [rows, h * d]
    }
    var byHead = logits.stream().map(each -> byHead(scope, each)).toList();
    var gated = scope.mul(byHead(scope, out), activated(scope, sum(scope, byHead)));
    return scope.reshape(gated, scope.vector(-1, features), out.shape());
  }

  private Value byHead(Scope scope, Value features) {
    long each = features.dim(1).size() / heads;
    var shape = Shape.of(features.dim(0), Dim.of(heads), Dim.of(each));
    return scope.reshape(features, scope.vector(-1, heads, each), shape);
  }

  private static Value sum(Scope scope, List<Value> values) {
    return values.size() == 1 ? values.get(0) : scope.add(values.get(0), values.get(1));
  }

  private Value activated(Scope scope, Value logits) {
    return activation == Activation.SIGMOID ? scope.sigmoid(logits) : scope.silu(logits);
  }
}
