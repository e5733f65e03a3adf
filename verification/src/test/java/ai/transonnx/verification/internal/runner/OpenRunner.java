package ai.transonnx.verification.internal.runner;

import ai.transonnx.verification.runner.Runners;

/** A program that ends without closing its runner. */
final class OpenRunner {
  private OpenRunner() {}

  /** Has the runner's name as its argument, and prints the number of the runner's process. */
  public static void main(String... arguments) {
    Runners.open(arguments[0]);
    ProcessHandle.current().children().forEach(child -> System.out.println(child.pid()));
    System.exit(0);
  }
}
