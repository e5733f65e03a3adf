package ai.transonnx.verification;

import java.util.concurrent.Callable;

/**
 * One check of a case.
 *
 * @param name for messages, such as {@code step 0}
 * @param comparison runs the model and compares
 */
public record Check(String name, Callable<Comparison> comparison) {
  /**
   * Runs the check.
   *
   * @throws ai.transonnx.InputException if the case or its weights are invalid
   */
  public Comparison run() throws Exception {
    return comparison.call();
  }
}
