package ai.transonnx.internal.xtransformers;

import ai.transonnx.architecture.BuildContext;
import ai.transonnx.format.Dim;
import ai.transonnx.graph.Model;
import ai.transonnx.op.MatrixOrder;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Builds the graphs of a layer stack without a wrapper. Immutable.
 *
 * <p>Inputs: {@code x} {@code [b, n, dim]}; {@code context} {@code [b, m, dim]} if the layers
 * attend to one; the masks of the library's {@code forward} method; the memories {@code mem_i}.
 * Output: {@code out} {@code [b, n, dim]}.
 *
 * @param order the storage order of the linear layers' weights
 */
public record StackModel(String className, MatrixOrder order, StackPlan plan)
    implements GraphFactory {
  private static final String X = "x";
  private static final String OUT = "out";

  @Override
  public Set<String> unusedWeights(BuildContext context) {
    return UnusedWeights.of(plan, "");
  }

  @Override
  public boolean isIncremental(BuildContext context) {
    return IncrementalSupport.isPossible(plan, WrapperPlan.NONE, context);
  }

  @Override
  public Model build(BuildContext request) {
    var context = request.expanded("mem", plan.selfAttentions());
    var names = new ArrayList<>(List.of(X));
    names.addAll(StackInputs.names(plan));
    context.checkInputs(names);
    context.checkedOutputs(List.of(OUT));
    var model = context.model(className);
    var inputs = new GraphInputs(model, context);
    var features = Dim.of(plan.dim());
    var x = inputs.required(X, context.wideType(), context.batch(), context.length(), features);
    var layers = StackInputs.declare(inputs, plan, context.batch(), context.length(), 0);
    var scope = Scope.of(model.graph(), order);
    layers = IncrementalSupport.withState(layers, plan, WrapperPlan.NONE, context, model, scope);
    var result = LayerStack.of(plan, scope, x, layers);
    model.output(OUT, result.out());
    return model.build();
  }
}
