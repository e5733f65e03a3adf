package ai.transonnx.cli;

import ai.transonnx.config.ConfigException;
import ai.transonnx.export.inspect.FunctionSummary;
import ai.transonnx.export.inspect.InitializerSummary;
import ai.transonnx.export.inspect.OnnxSummary;
import ai.transonnx.export.inspect.PortSummary;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.internal.config.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** An ONNX file as JSON. Sizes are in bytes. Has no state. */
final class OnnxJson {
  private static final String ONNX_DOMAIN = "ai.onnx";

  private OnnxJson() {}

  /** Everything but the elements of tensors. */
  static ObjectNode of(OnnxSummary model) {
    var json = JsonNodeFactory.instance.objectNode();
    json.put("file", model.path().toString()).put("bytes", model.bytes());
    json.put("ir_version", model.irVersion()).put("producer", model.producer());
    addSignature(json, model);
    var metadata = json.putObject("metadata");
    model.metadata().forEach(metadata::put);
    var parameters = json.putArray("parameters");
    model.graph().initializers().forEach(one -> addParameter(parameters.addObject(), one));
    addCounts(json, model.graph().operators());
    var functions = json.putArray("functions");
    model.functions().forEach(one -> addFunction(functions.addObject(), one));
    return json;
  }

  /** Adds the opsets, the inputs, the outputs and the state that they pass on. */
  static void addSignature(ObjectNode json, OnnxSummary model) {
    var opsets = json.putObject("opsets");
    model
        .opsets()
        .forEach((domain, version) -> opsets.put(domain.isEmpty() ? ONNX_DOMAIN : domain, version));
    var inputs = json.putArray("inputs");
    model.graph().inputs().forEach(port -> addPort(inputs.addObject(), port));
    var outputs = json.putArray("outputs");
    model.graph().outputs().forEach(port -> addPort(outputs.addObject(), port));
    json.set("state", state(model.metadata().getOrDefault(MetadataKey.STATE.key(), "[]")));
  }

  /** The list in a file's metadata; null if a stranger has written something else. */
  private static JsonNode state(String text) {
    try {
      var state = Json.parse(text);
      return state.isArray() ? state : NullNode.instance;
    } catch (ConfigException e) {
      return NullNode.instance;
    }
  }

  private static void addPort(ObjectNode json, PortSummary port) {
    json.put("name", port.name());
    int shape = port.type().indexOf(" [");
    if (shape < 0 || !port.type().endsWith("]")) {
      json.put("type", port.type().replaceFirst(" \\?$", ""));
      return;
    }
    json.put("type", port.type().substring(0, shape));
    var sizes = port.type().substring(shape + 2, port.type().length() - 1);
    var dimensions = json.putArray("shape");
    if (!sizes.isEmpty()) {
      List.of(sizes.split(", ", -1)).forEach(size -> addSize(dimensions, size));
    }
  }

  /** A number, a name, or null for a size without either. */
  private static void addSize(ArrayNode dimensions, String size) {
    if (size.equals("?")) {
      dimensions.addNull();
    } else if (size.matches("[0-9]{1,18}")) {
      dimensions.add(Long.parseLong(size));
    } else {
      dimensions.add(size);
    }
  }

  private static void addParameter(ObjectNode json, InitializerSummary parameter) {
    json.put("name", parameter.name()).put("type", parameter.type());
    var shape = json.putArray("shape");
    parameter.shape().forEach(shape::add);
    json.put("bytes", parameter.bytes());
    parameter.location().ifPresent(location -> json.put("location", location));
    if (!parameter.documentation().isEmpty()) {
      json.put("documentation", parameter.documentation());
    }
  }

  private static void addFunction(ObjectNode json, FunctionSummary function) {
    json.put("domain", function.domain()).put("name", function.name());
    function.inputs().forEach(json.putArray("inputs")::add);
    function.outputs().forEach(json.putArray("outputs")::add);
    function.attributes().forEach(json.putArray("attributes")::add);
    json.put("documentation", function.documentation());
    addCounts(json, function.operators());
  }

  private static void addCounts(ObjectNode json, Map<String, Long> counts) {
    var operators = json.putObject("operators");
    counts.forEach(operators::put);
  }
}
