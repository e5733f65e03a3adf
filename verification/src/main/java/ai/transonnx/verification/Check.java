package ai.transonnx.verification;

import java.util.concurrent.Callable;

/**
 * One thing to verify of a case.
 *
 * @param name for people, such as {@code step 0}
 * @param comparison compares when it is called
 */
public record Check(String name, Callable<Comparison> comparison) {
  /**
   * Makes the comparison.
   *
   * @throws ai.transonnx.InputException if the case or its weights are not valid
   */
  public Comparison run() throws Exception {
    return comparison.call();
  }
}
