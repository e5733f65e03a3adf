package ai.transonnx.graph;

/**
 * A named constant of a graph.
 *
 * <p>Immutable; threads may share it.
 */
public record Constant(String name, Tensor value) {}
