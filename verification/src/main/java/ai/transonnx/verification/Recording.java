package ai.transonnx.verification;

import ai.transonnx.runtime.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The recorded tensors of a case: {@code STEP/in/NAME} and {@code STEP/out/NAME}. Threads may share
 * it until it is closed.
 */
public final class Recording implements AutoCloseable {
  private final StoredTensors file;

  private Recording(StoredTensors file) {
    this.file = file;
  }

  /**
   * Opens the tensors of a case.
   *
   * @throws ai.transonnx.InputException if the file is missing or damaged
   */
  public static Recording open(Path path) {
    return new Recording(StoredTensors.open(path));
  }

  /** The inputs of a step, by name. */
  public Map<String, Tensor> inputs(Step step) {
    return tensors(step.index() + "/in/", step.inputs());
  }

  /** The outputs of a step, by name. */
  public Map<String, Tensor> outputs(Step step) {
    return tensors(step.index() + "/out/", step.outputs());
  }

  /**
   * One input of a step.
   *
   * @throws ai.transonnx.InputException if it is not recorded
   */
  public Tensor input(Step step, String name) {
    return tensor(step.index() + "/in/" + name);
  }

  /**
   * One output of a step.
   *
   * @throws ai.transonnx.InputException if it is not recorded
   */
  public Tensor output(Step step, String name) {
    return tensor(step.index() + "/out/" + name);
  }

  private Map<String, Tensor> tensors(String prefix, List<String> names) {
    var tensors = new LinkedHashMap<String, Tensor>();
    for (var name : names) {
      tensors.put(name, tensor(prefix + name));
    }
    return tensors;
  }

  private Tensor tensor(String name) {
    return file.tensor(name);
  }

  @Override
  public void close() {
    file.close();
  }
}
