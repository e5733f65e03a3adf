package ai.transonnx.graph;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The initializers of a graph: constants, and parameters by name. */
final class Initializers {
  private record Declared(Parameter parameter, Value value) {}

  private final Map<Tensor, Value> constants = new LinkedHashMap<>();
  private final Map<String, Declared> parameters = new LinkedHashMap<>();

  /**
   * A constant; equal tensors share one value.
   *
   * @param first creates its value
   */
  Value constant(Tensor tensor, Function<Tensor, Value> first) {
    return constants.computeIfAbsent(tensor, first);
  }

  /**
   * The value of a parameter. A parameter can be declared several times; its value has the element
   * type of the first declaration.
   *
   * @param first creates its value
   * @throws GraphException if another parameter has this name
   */
  Value parameter(Parameter parameter, Function<Parameter, Value> first) {
    var known = parameters.get(parameter.name());
    if (known == null) {
      var value = first.apply(parameter);
      parameters.put(parameter.name(), new Declared(parameter, value));
      return value;
    }
    if (!known.parameter().source().equals(parameter.source())) {
      throw new GraphException(
          "two different parameters have the name '%s'; rename one or give both the same shape"
              .formatted(parameter.name()));
    }
    return known.value();
  }

  /** The constants that a node uses. */
  List<Constant> constants() {
    return constants.entrySet().stream()
        .filter(constant -> constant.getValue().isOperand())
        .map(constant -> new Constant(constant.getValue().name(), constant.getKey()))
        .toList();
  }

  List<Parameter> parameters() {
    return parameters.values().stream().map(Declared::parameter).toList();
  }
}
