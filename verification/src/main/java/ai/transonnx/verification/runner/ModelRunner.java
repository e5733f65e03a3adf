package ai.transonnx.verification.runner;

import java.nio.file.Path;

/**
 * A runtime that can load and run ONNX files: a version of ONNX Runtime with its options, a
 * browser, an interpreter.
 *
 * <p>A runner may have a process of its own, which ends when the runner is closed. For one thread.
 */
public interface ModelRunner extends AutoCloseable {
  /** The name in {@code --on}, such as {@code cpu:basic}. */
  String name();

  /** What exactly runs the models. */
  RunnerFingerprint fingerprint();

  /**
   * Loads a model, with its external data in the same directory.
   *
   * @throws RunnerException if the runtime refuses the model, hangs, ends, or answers with garbage
   */
  LoadedModel load(Path model);

  /** Ends the runtime, and its process if it has one. Does not throw. */
  @Override
  void close();
}
