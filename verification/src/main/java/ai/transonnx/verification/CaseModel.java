package ai.transonnx.verification;

import ai.transonnx.runtime.ModelMetadata;
import ai.transonnx.runtime.Outputs;
import ai.transonnx.runtime.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An exported model, run by any runtime, for the checks of a case. */
public interface CaseModel extends AutoCloseable {
  /** Loads exported models. */
  @FunctionalInterface
  interface Loader {
    CaseModel load(Path file);
  }

  /** The metadata of the file. */
  ModelMetadata metadata();

  /** The names of the inputs, in the order of the graph. */
  List<String> inputs();

  /** Whether the model has an input of this name. */
  default boolean hasInput(String input) {
    return inputs().contains(input);
  }

  /** Whether two inputs {@code [b, n, ...]} have one length n in every call. */
  boolean hasSameLength(String input, String other);

  /** Runs the model and returns all of its outputs. */
  Outputs run(Map<String, Tensor> inputs);

  /**
   * Continues each prompt greedily by {@code length} tokens.
   *
   * @param prompts {@code [b, n]}
   * @param others the inputs besides tokens and state, such as a context
   * @return {@code [b, length]}
   */
  long[][] continueGreedily(long[][] prompts, Map<String, Tensor> others, int length);

  /**
   * Continues sequences by {@code length} vectors, each of which is the model's last output.
   *
   * @param prompt {@code [b, n, d]}
   * @param others the inputs besides vectors and state
   * @return {@code [b, length, d]}
   */
  default Tensor continueVectors(Tensor prompt, Map<String, Tensor> others, int length) {
    return new VectorContinuation(this).generate(prompt, others, length);
  }

  @Override
  void close();
}
