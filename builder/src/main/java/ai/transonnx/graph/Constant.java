package ai.transonnx.graph;

/** A named constant of a graph. */
public record Constant(String name, Tensor value) {}
