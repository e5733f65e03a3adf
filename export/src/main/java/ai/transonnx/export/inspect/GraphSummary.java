package ai.transonnx.export.inspect;

import java.util.List;
import java.util.SortedMap;

/**
 * The main graph of an ONNX file.
 *
 * <p>Immutable; threads may share it.
 *
 * @param operators the number of uses of each operator, including subgraphs; operators outside
 *     ONNX's own domain are written {@code domain.name}
 */
public record GraphSummary(
    String name,
    List<PortSummary> inputs,
    List<PortSummary> outputs,
    List<InitializerSummary> initializers,
    SortedMap<String, Long> operators) {}
