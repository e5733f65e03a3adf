package ai.transonnx.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The inputs of a loop's model besides the sequence and state, such as a context: the first call
 * gets them whole, [b, m, ...], later calls get them empty, [b, 0, ...]; all calls get those that
 * have a number for each row, [b].
 */
final class StaticInputs implements AutoCloseable {
  private final Map<String, OnnxTensor> whole = new HashMap<>();
  private final Map<String, OnnxTensor> empty = new HashMap<>();

  StaticInputs(OrtEnvironment environment, Map<String, Tensor> inputs) {
    var tensors = new ArrayList<Tensor>();
    inputs
        .values()
        .forEach(
            tensor -> {
              tensors.add(tensor);
              tensors.add(withoutPositions(tensor));
            });
    var natives = List.of(NativeTensors.wrap(environment, tensors)).iterator();
    for (var name : inputs.keySet()) {
      whole.put(name, natives.next());
      empty.put(name, natives.next());
    }
  }

  private static Tensor withoutPositions(Tensor tensor) {
    var shape = tensor.shape();
    if (shape.length == 1) {
      return tensor; // a number for each row
    }
    shape[1] = 0;
    return Tensor.zeros(tensor.type(), shape);
  }

  void addTo(Map<String, OnnxTensor> call, boolean isFirst) {
    call.putAll(isFirst ? whole : empty);
  }

  @Override
  public void close() {
    whole.values().forEach(OnnxTensor::close);
    empty.values().forEach(OnnxTensor::close);
  }
}
