package ai.transonnx.export.inspect;

import java.util.List;
import java.util.Optional;

/**
 * A weight or constant of a graph.
 *
 * <p>Immutable; threads may share it.
 *
 * @param type of its elements, such as {@code float32}
 * @param bytes the size of its elements
 * @param location the file in which its elements are, if it is another
 * @param documentation the expression over the checkpoint's tensors that it equals; often empty
 */
public record InitializerSummary(
    String name,
    String type,
    List<Long> shape,
    long bytes,
    Optional<String> location,
    String documentation) {}
