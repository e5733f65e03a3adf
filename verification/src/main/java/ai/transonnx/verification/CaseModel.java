package ai.transonnx.verification;

import ai.transonnx.runtime.ModelMetadata;
import ai.transonnx.runtime.Outputs;
import ai.transonnx.runtime.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An exported model as the checks of a case call it, whatever library runs it. */
public interface CaseModel extends AutoCloseable {
  /** Loads exported models. */
  @FunctionalInterface
  interface Loader {
    CaseModel load(Path file);
  }

  /** What the file says of itself. */
  ModelMetadata metadata();

  /** The names of what the model takes, in the order of its graph. */
  List<String> inputs();

  /** Whether the model has an input of this name. */
  default boolean takes(String input) {
    return inputs().contains(input);
  }

  /** Whether two inputs {@code [b, n, ...]} have one length n in every call. */
  boolean isAsLong(String input, String other);

  /** Every output of a call. */
  Outputs run(Map<String, Tensor> inputs);

  /**
   * The {@code length} likeliest tokens, one after the other, behind each prompt.
   *
   * @param prompts [b, n]
   * @param others what the model takes besides tokens and state, such as a context
   */
  long[][] continueGreedily(long[][] prompts, Map<String, Tensor> others, int length);

  /**
   * The {@code length} vectors that follow a prompt, each being the model's output for the one
   * before.
   *
   * @param prompt [b, n, d]
   * @param others what the model takes besides vectors and state
   * @return [b, length, d]
   */
  default Tensor continueVectors(Tensor prompt, Map<String, Tensor> others, int length) {
    return new GreedyRun(this).generate(prompt, others, length);
  }

  @Override
  void close();
}
