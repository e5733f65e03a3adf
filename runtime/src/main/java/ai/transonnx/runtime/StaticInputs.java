package ai.transonnx.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a loop's model takes besides tokens and state, such as a context: a call that starts is
 * given all of it, [b, m, ...], one that goes on is given none of it, [b, 0, ...].
 */
final class StaticInputs implements AutoCloseable {
  private final Map<String, OnnxTensor> whole = new HashMap<>();
  private final Map<String, OnnxTensor> none = new HashMap<>();

  StaticInputs(OrtEnvironment environment, Map<String, Tensor> given) {
    var tensors = new ArrayList<Tensor>();
    given.forEach(
        (name, tensor) -> {
          var shape = tensor.shape();
          shape[1] = 0;
          var empty = Tensor.zeros(tensor.type(), shape);
          tensors.add(tensor);
          tensors.add(empty);
        });
    var natives = List.of(NativeTensors.wrap(environment, tensors)).iterator();
    for (var name : given.keySet()) {
      whole.put(name, natives.next());
      none.put(name, natives.next());
    }
  }

  void give(Map<String, OnnxTensor> inputs, boolean starts) {
    inputs.putAll(starts ? whole : none);
  }

  @Override
  public void close() {
    whole.values().forEach(OnnxTensor::close);
    none.values().forEach(OnnxTensor::close);
  }
}
