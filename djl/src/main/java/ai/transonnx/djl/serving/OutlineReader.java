package ai.transonnx.djl.serving;

import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.FunctionProto;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.proto.OperatorSetIdProto;
import ai.transonnx.format.internal.proto.StringStringEntryProto;
import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.format.internal.proto.ValueInfoProto;
import ai.transonnx.format.internal.wire.MessageReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads a {@link ModelOutline}. */
final class OutlineReader {
  private final MessageReader in;
  private final Set<String> domains = new TreeSet<>();
  private final Set<String> ofFunctions = new HashSet<>();
  private final List<String> inputs = new ArrayList<>();
  private final List<String> outputs = new ArrayList<>();
  private final Set<String> initializers = new HashSet<>();
  private final Map<String, String> metadata = new HashMap<>();
  private long irVersion;
  private long opset;

  OutlineReader(MessageReader in) {
    this.in = in;
  }

  ModelOutline read(Path file) {
    in.file(this::model);
    domains.removeAll(ofFunctions);
    inputs.removeAll(initializers);
    return new ModelOutline(file, irVersion, opset, domains, inputs, outputs, metadata);
  }

  private void model(int number) throws IOException {
    switch (number) {
      case ModelProto.IR_VERSION_FIELD_NUMBER -> irVersion = in.number();
      case ModelProto.OPSET_IMPORT_FIELD_NUMBER -> opset();
      case ModelProto.METADATA_PROPS_FIELD_NUMBER -> entry();
      case ModelProto.GRAPH_FIELD_NUMBER -> in.message(this::mainGraph);
      case ModelProto.FUNCTIONS_FIELD_NUMBER -> in.message(this::function);
      default -> in.skip();
    }
  }

  private void opset() throws IOException {
    var domain = new String[] {""};
    var version = new long[1];
    in.message(
        number -> {
          switch (number) {
            case OperatorSetIdProto.DOMAIN_FIELD_NUMBER -> domain[0] = in.passingText();
            case OperatorSetIdProto.VERSION_FIELD_NUMBER -> version[0] = in.passingNumber();
            default -> in.skip();
          }
        });
    if (domain[0].isEmpty() || domain[0].equals("ai.onnx")) {
      opset = Math.max(opset, version[0]);
    }
  }

  private void entry() throws IOException {
    var texts = new String[] {"", ""};
    in.message(
        number -> {
          switch (number) {
            case StringStringEntryProto.KEY_FIELD_NUMBER -> texts[0] = in.text();
            case StringStringEntryProto.VALUE_FIELD_NUMBER -> texts[1] = in.text();
            default -> in.skip();
          }
        });
    metadata.put(texts[0], texts[1]);
  }

  private void function(int number) throws IOException {
    switch (number) {
      case FunctionProto.DOMAIN_FIELD_NUMBER -> ofFunctions.add(in.text());
      case FunctionProto.OPSET_IMPORT_FIELD_NUMBER -> opset();
      case FunctionProto.NODE_FIELD_NUMBER -> in.message(this::node);
      default -> in.skip();
    }
  }

  private void mainGraph(int number) throws IOException {
    switch (number) {
      case GraphProto.INPUT_FIELD_NUMBER -> inputs.add(name());
      case GraphProto.OUTPUT_FIELD_NUMBER -> outputs.add(name());
      default -> graph(number);
    }
  }

  private void graph(int number) throws IOException {
    switch (number) {
      case GraphProto.NODE_FIELD_NUMBER -> in.message(this::node);
      case GraphProto.INITIALIZER_FIELD_NUMBER -> in.message(this::tensor);
      default -> in.skip();
    }
  }

  private String name() throws IOException {
    var name = new String[] {""};
    in.message(
        number -> {
          if (number == ValueInfoProto.NAME_FIELD_NUMBER) {
            name[0] = in.text();
          } else {
            in.skip();
          }
        });
    return name[0];
  }

  private void node(int number) throws IOException {
    switch (number) {
      case NodeProto.DOMAIN_FIELD_NUMBER -> domains.add(in.passingText());
      case NodeProto.ATTRIBUTE_FIELD_NUMBER -> in.message(this::attribute);
      default -> in.skip();
    }
  }

  private void attribute(int number) throws IOException {
    switch (number) {
      case AttributeProto.G_FIELD_NUMBER, AttributeProto.GRAPHS_FIELD_NUMBER ->
          in.message(this::graph);
      case AttributeProto.T_FIELD_NUMBER, AttributeProto.TENSORS_FIELD_NUMBER ->
          in.message(this::tensor);
      default -> in.skip();
    }
  }

  private void tensor(int number) throws IOException {
    switch (number) {
      case TensorProto.NAME_FIELD_NUMBER -> initializers.add(in.text());
      default -> in.skip();
    }
  }
}
