package ai.transonnx.verification.internal.twin;

/**
 * What all graphs of a twin share.
 *
 * @param opset the version of ONNX's operators
 * @param random the random number of {@link Rounding}; empty if nothing is rounded
 */
record TwinContext(long opset, ValueNames names, Constants constants, String random) {
  boolean isRounded() {
    return !random.isEmpty();
  }
}
