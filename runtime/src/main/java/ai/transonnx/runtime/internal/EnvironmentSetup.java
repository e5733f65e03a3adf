package ai.transonnx.runtime.internal;

/**
 * Called once, before this package makes the process's only ONNX Runtime environment: a library
 * that insists on making it itself does so here, and it is then shared.
 */
public interface EnvironmentSetup {
  void prepare();
}
