package ai.transonnx.golden;

import ai.transonnx.export.Weights;
import ai.transonnx.export.weights.Content;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.export.weights.WeightTensor;
import ai.transonnx.runtime.ElementType;
import ai.transonnx.runtime.Tensor;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tensors of a case: {@code STEP/in/NAME} and {@code STEP/out/NAME}. */
public final class Recording implements AutoCloseable {
  private final WeightFile file;

  private Recording(WeightFile file) {
    this.file = file;
  }

  /**
   * Opens a case's tensors.
   *
   * @throws ai.transonnx.InputException if the file is missing or not whole
   */
  public static Recording open(Path path) {
    return new Recording(Weights.open(path));
  }

  /** What was given to a step, by name. */
  public Map<String, Tensor> inputs(Step step) {
    return tensors(step.index() + "/in/", step.inputs());
  }

  /** What came out of a step, by name. */
  public Map<String, Tensor> outputs(Step step) {
    return tensors(step.index() + "/out/", step.outputs());
  }

  /** One tensor that was given to a step. */
  Tensor input(Step step, String name) {
    return tensor(step.index() + "/in/" + name);
  }

  /** One tensor that came out of a step. */
  Tensor output(Step step, String name) {
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
    var stored = file.tensors().get(name);
    if (stored == null) {
      throw file.error("there is no tensor '" + name + "'");
    }
    return tensor(stored);
  }

  private Tensor tensor(WeightTensor stored) {
    var type =
        ElementType.named(stored.elements().toString())
            .orElseThrow(
                () -> file.error("tensor '%s' is of an unusual type".formatted(stored.name())));
    long size = stored.byteCount();
    if (size > Integer.MAX_VALUE) {
      throw file.error("tensor '%s' is larger than 2 GiB".formatted(stored.name()));
    }
    var bytes = ByteBuffer.allocateDirect((int) size);
    while (bytes.hasRemaining()) {
      int piece = Math.min(bytes.remaining(), Content.MAX_SLICE);
      bytes.put(stored.content().slice(bytes.position(), piece));
    }
    return Tensor.of(type, bytes.flip(), stored.shape().sizes());
  }

  @Override
  public void close() {
    file.close();
  }
}
