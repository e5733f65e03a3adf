package ai.transonnx.export.internal.onnx;

import ai.transonnx.format.internal.proto.FunctionProto;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.OperatorSetIdProto;
import ai.transonnx.format.internal.proto.StringStringEntryProto;
import ai.transonnx.format.internal.wire.MessageWriter;
import ai.transonnx.graph.Function;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Encodes a model's fields other than the graph as ONNX messages. */
final class ModelEncoder {
  private static final String PRODUCER = "transonnx";

  /** The version of all operator sets other than ONNX's own. */
  private static final int OTHER_DOMAINS_VERSION = 1;

  private ModelEncoder() {}

  /** A {@code ModelProto} without its graph and metadata. */
  static MessageWriter encode(Model model, String toolVersion) {
    var functions = new ArrayList<MessageWriter>();
    var domains = domains(model.graph().nodes());
    for (var function : model.functions()) {
      functions.add(encode(function, model.opset()));
      domains.add(function.domain());
      domains.addAll(domains(function.nodes()));
    }
    return new MessageWriter()
        .number(ModelProto.IR_VERSION_FIELD_NUMBER, irVersion(model.opset()))
        .text(ModelProto.PRODUCER_NAME_FIELD_NUMBER, PRODUCER)
        .text(ModelProto.PRODUCER_VERSION_FIELD_NUMBER, toolVersion)
        .messages(ModelProto.OPSET_IMPORT_FIELD_NUMBER, opsets(domains, model.opset()))
        .messages(ModelProto.FUNCTIONS_FIELD_NUMBER, functions);
  }

  /** A {@code ModelProto} with metadata only. */
  static MessageWriter encode(Map<String, String> metadata) {
    var encoded = new MessageWriter();
    metadata.forEach(
        (key, value) -> encoded.message(ModelProto.METADATA_PROPS_FIELD_NUMBER, entry(key, value)));
    return encoded;
  }

  /** A {@code StringStringEntryProto}. */
  static MessageWriter entry(String key, String value) {
    return new MessageWriter()
        .text(StringStringEntryProto.KEY_FIELD_NUMBER, key)
        .text(StringStringEntryProto.VALUE_FIELD_NUMBER, value);
  }

  /** The IR version that was released with an opset. */
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

  private static MessageWriter encode(Function function, int opset) {
    var opsets = opsets(domains(function.nodes()), opset);
    return new MessageWriter()
        .text(FunctionProto.NAME_FIELD_NUMBER, function.name())
        .texts(FunctionProto.INPUT_FIELD_NUMBER, function.inputs())
        .texts(FunctionProto.OUTPUT_FIELD_NUMBER, function.outputs())
        .texts(FunctionProto.ATTRIBUTE_FIELD_NUMBER, function.attributes())
        .messages(FunctionProto.NODE_FIELD_NUMBER, GraphEncoder.nodes(function.nodes()))
        .text(FunctionProto.DOC_STRING_FIELD_NUMBER, function.documentation())
        .messages(FunctionProto.OPSET_IMPORT_FIELD_NUMBER, opsets)
        .text(FunctionProto.DOMAIN_FIELD_NUMBER, function.domain());
  }

  private static List<MessageWriter> opsets(SortedSet<String> domains, int opset) {
    return domains.stream()
        .map(
            domain ->
                new MessageWriter()
                    .text(OperatorSetIdProto.DOMAIN_FIELD_NUMBER, domain)
                    .number(
                        OperatorSetIdProto.VERSION_FIELD_NUMBER,
                        domain.isEmpty() ? opset : OTHER_DOMAINS_VERSION))
        .toList();
  }

  /** ONNX's own domain and those of the nodes' operators, including nodes of subgraphs. */
  private static SortedSet<String> domains(List<Node> nodes) {
    var domains = new TreeSet<String>();
    domains.add("");
    for (var node : nodes) {
      domains.add(node.domain());
      node.branches().forEach(branch -> domains.addAll(domains(branch.nodes())));
    }
    return domains;
  }
}
