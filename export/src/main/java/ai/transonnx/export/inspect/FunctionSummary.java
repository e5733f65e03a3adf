package ai.transonnx.export.inspect;

import java.util.List;
import java.util.SortedMap;

/**
 * An operator that the file brings along.
 *
 * @param operators how often its body uses each operator
 */
public record FunctionSummary(
    String domain,
    String name,
    String documentation,
    List<String> inputs,
    List<String> outputs,
    List<String> attributes,
    SortedMap<String, Long> operators) {}
