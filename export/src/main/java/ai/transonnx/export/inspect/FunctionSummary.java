package ai.transonnx.export.inspect;

import java.util.List;
import java.util.SortedMap;

/**
 * A model-local function of an ONNX file.
 *
 * <p>Immutable; threads may share it.
 *
 * @param attributes the names of its attributes
 * @param operators the number of uses of each operator in its body
 */
public record FunctionSummary(
    String domain,
    String name,
    String documentation,
    List<String> inputs,
    List<String> outputs,
    List<String> attributes,
    SortedMap<String, Long> operators) {}
