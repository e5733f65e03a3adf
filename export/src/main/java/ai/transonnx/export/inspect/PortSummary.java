package ai.transonnx.export.inspect;

/**
 * An input or output of a graph.
 *
 * @param type such as {@code float32 [batch, length, 16]}; a size that nothing is known of is
 *     {@code ?}
 */
public record PortSummary(String name, String type) {}
