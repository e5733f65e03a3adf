package ai.transonnx.export.inspect;

import java.util.List;
import java.util.SortedMap;

/**
 * A graph.
 *
 * <p>Immutable; threads may share it.
 *
 * @param operators how often each operator is used, in branches too; operators of other domains
 *     than ONNX's own are written {@code domain.name}
 */
public record GraphSummary(
    String name,
    List<PortSummary> inputs,
    List<PortSummary> outputs,
    List<InitializerSummary> initializers,
    SortedMap<String, Long> operators) {}
