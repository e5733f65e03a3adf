package ai.transonnx.graph;

import ai.transonnx.TransonnxException;

/**
 * Invalid graph construction: operands with incompatible types or shapes, a duplicate name, a value
 * of another graph. The message starts with the path of the module that the node was created for.
 */
public final class GraphException extends TransonnxException {
  public GraphException(String message) {
    super(message, null);
  }
}
