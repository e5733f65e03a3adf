package ai.transonnx.runtime.internal;

/**
 * Runs once, before {@code ai.transonnx.runtime} creates the process's only ONNX Runtime
 * environment. A library that must create it itself does so here, and both share it.
 */
public interface EnvironmentSetup {
  /** Creates the environment; returns false if the library is not there to do so. */
  boolean prepare();
}
