package ai.transonnx.verification.internal.twin;

import ai.transonnx.TransonnxException;

/** A model cannot be computed in float64. The message is one line that gives the reason. */
public final class NoTwinException extends TransonnxException {
  private static final long serialVersionUID = 1;

  /** An exception with the reason. */
  public NoTwinException(String reason) {
    super(reason, null);
  }
}
