package ai.transonnx.export.inspect;

/**
 * An input or output of a graph.
 *
 * <p>Immutable; threads may share it.
 *
 * @param type such as {@code float32 [batch, length, 16]}; an unknown size is {@code ?}
 */
public record PortSummary(String name, String type) {}
