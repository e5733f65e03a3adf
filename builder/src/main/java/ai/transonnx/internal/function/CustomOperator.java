package ai.transonnx.internal.function;

import ai.transonnx.graph.FunctionTemplate;
import ai.transonnx.graph.GraphBuilder;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.List;

/** A model-local function whose body is built with a {@link Scope}. */
interface CustomOperator extends FunctionTemplate {
  /** Builds the body and returns the outputs, in order. */
  List<Value> body(Scope scope, List<Value> inputs);

  @Override
  default List<Value> body(GraphBuilder body, List<Value> inputs) {
    return body(Scope.of(body), inputs);
  }
}
