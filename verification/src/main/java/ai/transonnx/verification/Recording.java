package ai.transonnx.verification;

import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Precision;
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
  private final ElementType floats;

  private Recording(StoredTensors file, ElementType floats) {
    this.file = file;
    this.floats = floats;
  }

  /**
   * Opens the tensors of a case.
   *
   * @throws ai.transonnx.InputException if the file is missing or damaged
   */
  public static Recording open(Path path) {
    return open(path, Precision.FLOAT32);
  }

  /**
   * Opens the tensors of a case for a model of a precision, in whose {@linkplain Precision#wideType
   * wide type} floating-point inputs are returned.
   *
   * @throws ai.transonnx.InputException if the file is missing or damaged
   */
  public static Recording open(Path path, Precision precision) {
    return new Recording(StoredTensors.open(path), precision.wideType());
  }

  /** The inputs of a step, by name. */
  public Map<String, Tensor> inputs(Step step) {
    var inputs = tensors(step.index() + "/in/", step.inputs());
    inputs.replaceAll((name, tensor) -> widened(tensor));
    return inputs;
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
    return widened(tensor(step.index() + "/in/" + name));
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

  private Tensor widened(Tensor input) {
    return input.type().isFloatingPoint() ? input.as(floats) : input;
  }

  private Tensor tensor(String name) {
    return file.tensor(name);
  }

  @Override
  public void close() {
    file.close();
  }
}
