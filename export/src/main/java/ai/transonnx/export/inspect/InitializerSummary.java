package ai.transonnx.export.inspect;

import java.util.List;
import java.util.Optional;

/**
 * A weight or constant of a graph.
 *
 * <p>Immutable; threads may share it.
 *
 * @param type the element type, such as {@code float32}
 * @param bytes the size of its elements in bytes
 * @param location the file with its elements, if they are external
 * @param documentation the expression over the checkpoint's tensors that it equals; often empty
 */
public record InitializerSummary(
    String name,
    String type,
    List<Long> shape,
    long bytes,
    Optional<String> location,
    String documentation) {}
