package ai.transonnx.internal.xtransformers;

import ai.transonnx.op.MatrixOrder;
import ai.transonnx.xtransformers.Release;

/** The names of modules and the layout of weights. Immutable. */
public record KeyProfile(Release release) {
  /** The storage order of the linear layers' weights. */
  public MatrixOrder matrixOrder() {
    return release.isPort() ? MatrixOrder.INPUTS_FIRST : MatrixOrder.OUTPUTS_FIRST;
  }

  /** The submodule of a feedforward layer. */
  public String feedForward() {
    return release.since("0.33.0") ? "ff" : "net";
  }

  /** The submodule of {@code token_emb} that contains the table; empty for itself. */
  public String tokenTable() {
    return release.since("0.24.1") ? "emb" : "";
  }
}
