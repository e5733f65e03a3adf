package ai.transonnx.graph;

/**
 * Two tensors that go round: the model's output {@code output} of one call is its input {@code
 * input} of the next.
 *
 * @param type what the model takes
 * @param first the shape of the zeros that a loop starts with
 */
public record StatePair(String input, String output, TensorType type, Shape first) {}
