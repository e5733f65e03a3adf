package ai.transonnx.export.onnx;

import ai.transonnx.export.proto.FunctionProto;
import ai.transonnx.export.proto.ModelProto;
import ai.transonnx.export.proto.OperatorSetIdProto;
import ai.transonnx.export.proto.StringStringEntryProto;
import ai.transonnx.graph.Attribute;
import ai.transonnx.graph.Function;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.Node;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** What surrounds the graph, as ONNX's messages. */
final class ModelEncoder {
  private static final String PRODUCER = "transonnx";

  /** The version of every operator set but ONNX's own. */
  private static final int OTHER_DOMAINS_VERSION = 1;

  private ModelEncoder() {}

  /** All of a model but its graph and metadata. */
  static ModelProto encode(Model model, String toolVersion) {
    var domains = domains(model.graph().nodes());
    var encoded =
        ModelProto.newBuilder()
            .setIrVersion(irVersion(model.opset()))
            .setProducerName(PRODUCER)
            .setProducerVersion(toolVersion);
    for (var function : model.functions()) {
      encoded.addFunctions(encode(function, model.opset()));
      domains.add(function.domain());
      domains.addAll(domains(function.nodes()));
    }
    domains.forEach(domain -> encoded.addOpsetImport(opset(domain, model.opset())));
    return encoded.build();
  }

  /** Metadata alone. */
  static ModelProto encode(Map<String, String> metadata) {
    var encoded = ModelProto.newBuilder();
    metadata.forEach(
        (key, value) ->
            encoded.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return encoded.build();
  }

  /** The format's version that came with a version of the operators. */
  static int irVersion(int opset) {
    return switch (opset) {
      case 17, 18 -> 8;
      case 19, 20 -> 9;
      case 21, 22 -> 10;
      case 23 -> 11;
      case 24 -> 12;
      case 25, 26, 27 -> 13;
      default -> throw new IllegalArgumentException("no IR version is known for opset " + opset);
    };
  }

  private static FunctionProto encode(Function function, int opset) {
    var encoded =
        FunctionProto.newBuilder()
            .setDomain(function.domain())
            .setName(function.name())
            .setDocString(function.documentation())
            .addAllInput(function.inputs())
            .addAllOutput(function.outputs())
            .addAllAttribute(function.attributes());
    function.nodes().forEach(node -> encoded.addNode(GraphEncoder.encode(node)));
    domains(function.nodes()).forEach(domain -> encoded.addOpsetImport(opset(domain, opset)));
    return encoded.build();
  }

  private static OperatorSetIdProto opset(String domain, int opset) {
    return OperatorSetIdProto.newBuilder()
        .setDomain(domain)
        .setVersion(domain.isEmpty() ? opset : OTHER_DOMAINS_VERSION)
        .build();
  }

  /** The domains of the nodes' operators, in branches too, and always ONNX's own. */
  private static SortedSet<String> domains(List<Node> nodes) {
    var domains = new TreeSet<String>();
    domains.add("");
    for (var node : nodes) {
      domains.add(node.domain());
      for (var attribute : node.attributes().values()) {
        if (attribute instanceof Attribute.Branch branch) {
          domains.addAll(domains(branch.graph().nodes()));
        }
      }
    }
    return domains;
  }
}
