package ai.transonnx.runtime;

/** The checks of a call's inputs before ONNX Runtime gets them. */
public enum InputChecks {
  /** Names, types, shapes, and tokens, which ONNX Runtime accepts although they are negative. */
  ALL,
  /**
   * Names and types, for files of any origin: the names of their dimensions may mean nothing, and
   * an input that is called {@code tokens} may have negative values.
   */
  NAMES_AND_TYPES
}
