package ai.transonnx.graph;

/**
 * A graph that cannot be: operands whose types or shapes do not go together, a name used twice, a
 * value of another graph. The message starts with the path of the module that asked for it.
 */
public final class GraphException extends RuntimeException {
  public GraphException(String message) {
    super(message);
  }
}
