package ai.transonnx.verification.internal.divergence;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.file.TemporaryFolder;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.internal.graph.ModelFile;
import ai.transonnx.verification.internal.run.HeapMemory;
import ai.transonnx.verification.internal.run.SpilledTensors;
import ai.transonnx.verification.runner.ModelRunner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;

/** Runs variants of a file, each once, from a temporary folder. For one thread. */
final class Scratch implements AutoCloseable {
  private final ModelFile file;
  private final TemporaryFolder folder;
  private final SpilledTensors spilled;
  private final HeapMemory heap = new HeapMemory();
  private int count;

  /**
   * A folder for variants of {@code file}.
   *
   * @throws InputException if no temporary folder can be created
   */
  Scratch(ModelFile file) {
    this.file = file;
    this.folder = TemporaryFolder.create();
    this.spilled = new SpilledTensors(folder.path());
  }

  /**
   * Runs a variant.
   *
   * @param model made from the file's model
   * @param inputs the model's inputs, among others
   * @throws ai.transonnx.verification.runner.RunnerException if it does not run
   */
  Map<String, Tensor> run(
      ModelRunner runner,
      ModelProto model,
      Map<String, Tensor> inputs,
      Collection<String> outputs) {
    heap.beforeRun();
    var path = file.write(model, folder.path(), "variant-" + count++);
    try (var loaded = runner.load(path)) {
      return heap.returned(loaded.run(inputsOf(model, inputs), new LinkedHashSet<>(outputs)));
    } finally {
      delete(path);
    }
  }

  /** The same tensors, in files instead of memory until they are read. */
  Map<String, Tensor> spilled(Map<String, Tensor> tensors) {
    return spilled.spill(tensors);
  }

  /** The folder. */
  Path path() {
    return folder.path();
  }

  private static Map<String, Tensor> inputsOf(ModelProto model, Map<String, Tensor> values) {
    var inputs = new LinkedHashMap<String, Tensor>();
    for (var port : model.getGraph().getInputList()) {
      var value = values.get(port.getName());
      if (value != null) {
        inputs.put(port.getName(), value);
      }
    }
    return inputs;
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      folder.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
