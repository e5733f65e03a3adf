package ai.transonnx.op;

import ai.transonnx.graph.ElementType;
import ai.transonnx.graph.Value;

/** Changes of the element type. */
public interface Conversions extends Operators {
  default Value cast(Value x, ElementType to) {
    return operation("Cast").input(x).attribute("to", to.onnxNumber()).output(to, x.shape());
  }
}
