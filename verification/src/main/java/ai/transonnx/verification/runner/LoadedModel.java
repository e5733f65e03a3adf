package ai.transonnx.verification.runner;

import ai.transonnx.runtime.Tensor;
import java.util.Map;
import java.util.Set;

/** A model that a {@link ModelRunner} has loaded. For one thread. */
public interface LoadedModel extends AutoCloseable {
  /**
   * Runs the model once. State is passed as inputs and returned as outputs like every other tensor.
   *
   * @param inputs every input of the graph, by name
   * @param outputs the names of the outputs to return
   * @return exactly these outputs
   * @throws RunnerException if the runtime fails, hangs, ends, or returns other tensors than
   *     requested
   */
  Map<String, Tensor> run(Map<String, Tensor> inputs, Set<String> outputs);

  /** Frees the model. Does not throw. */
  @Override
  void close();
}
