package ai.transonnx.graph;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A function of one model: it has the body that its template built once, and its calls check their
 * operands.
 */
final class FunctionDefinition {
  private final FunctionTemplate template;
  private final Function function;
  private final List<TensorType> outputTypes;
  private final ElementType wideType;

  FunctionDefinition(ModelBuilder model, FunctionTemplate template) {
    this.template = template;
    var body = GraphBuilder.function(model);
    this.wideType = body.precision().wideType();
    var formals =
        template.inputs().stream().map(formal -> body.input(formal.name(), type(formal))).toList();
    var results = template.body(body, formals);
    if (results.size() != template.outputs().size()) {
      throw new GraphException(
          "%s: the body returns %s outputs; %s are declared"
              .formatted(template.name(), results.size(), template.outputs().size()));
    }
    var named = new ArrayList<Value>();
    for (int i = 0; i < results.size(); i++) {
      named.add(body.named(template.outputs().get(i), results.get(i)));
    }
    this.outputTypes = named.stream().map(Value::type).toList();
    this.function =
        new Function(
            Model.DOMAIN,
            template.name(),
            template.documentation(),
            template.inputs().stream().map(FunctionTemplate.Formal::name).toList(),
            template.outputs(),
            List.copyOf(template.attributes().keySet()),
            body.nodes());
  }

  FunctionTemplate template() {
    return template;
  }

  Function function() {
    return function;
  }

  List<Value> call(GraphBuilder caller, String path, List<Value> given) {
    var operation = caller.operation(path, Model.DOMAIN, template.name());
    var actual =
        given.stream()
            .map(v -> v.elements().isHalf() ? caller.cast(path, v, ElementType.FLOAT32) : v)
            .toList();
    actual.forEach(operation::input);
    template.attributes().forEach((name, value) -> operation.attribute(name, attribute(value)));
    var bindings = bind(operation, actual);
    var types = new ArrayList<TensorType>();
    for (var type : outputTypes) {
      types.add(new TensorType(type.elements(), type.shape().substitute(bindings)));
    }
    return operation.outputs(types);
  }

  /** The type of a formal input: float64 in place of float32 in a float64 model. */
  private TensorType type(FunctionTemplate.Formal formal) {
    var type = formal.type();
    return type.elements() == ElementType.FLOAT32 ? new TensorType(wideType, type.shape()) : type;
  }

  /** An attribute of a call: ONNX's float attributes are float32, so float64 is a tensor. */
  private Attribute attribute(Attribute given) {
    return given instanceof Attribute.Real number && wideType == ElementType.FLOAT64
        ? new Attribute.Constant(Tensor.scalar(wideType, number.value()))
        : given;
  }

  private Map<String, Dim> bind(NodeBuilder operation, List<Value> actual) {
    var formals = template.inputs();
    if (actual.size() != formals.size()) {
      throw operation.error("expected %s inputs, got %s".formatted(formals.size(), actual.size()));
    }
    var bindings = new HashMap<String, Dim>();
    template
        .attributes()
        .forEach(
            (name, value) -> {
              if (value instanceof Attribute.Int number) {
                bindings.put(name, Dim.of(number.value()));
              }
            });
    for (int i = 0; i < formals.size(); i++) {
      var formal = formals.get(i);
      var given = actual.get(i).type();
      var wanted = type(formal);
      boolean fits =
          given.elements() == wanted.elements()
              && given.shape().rank() == wanted.shape().rank()
              && bindDims(wanted.shape(), given.shape(), bindings);
      if (!fits) {
        throw operation.error(
            "input '%s' must be %s, got %s"
                .formatted(
                    formal.name(),
                    new TensorType(wanted.elements(), wanted.shape().substitute(bindings)),
                    given));
      }
    }
    return bindings;
  }

  private static boolean bindDims(Shape formal, Shape given, Map<String, Dim> bindings) {
    for (int axis = 0; axis < formal.rank(); axis++) {
      var dim = formal.dim(axis);
      if (!dim.soleName().isEmpty()) {
        bindings.putIfAbsent(dim.soleName(), given.dim(axis));
      }
      if (!dim.substitute(bindings).equals(given.dim(axis))) {
        return false;
      }
    }
    return true;
  }
}
