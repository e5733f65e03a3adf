package ai.transonnx.export.inspect;

import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.ValueInfoProto;
import ai.transonnx.format.internal.wire.MessageReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads the main graph. */
final class GraphReader {
  private final MessageReader input;
  private final OperatorCounter operators;
  private final List<PortSummary> inputs = new ArrayList<>();
  private final List<PortSummary> outputs = new ArrayList<>();
  private final List<InitializerSummary> initializers = new ArrayList<>();
  private String name = "";

  GraphReader(MessageReader input) {
    this.input = input;
    this.operators = new OperatorCounter(input);
  }

  void field(int number) throws IOException {
    switch (number) {
      case GraphProto.NAME_FIELD_NUMBER -> name = input.text();
      case GraphProto.NODE_FIELD_NUMBER -> operators.node();
      case GraphProto.INPUT_FIELD_NUMBER -> inputs.add(port());
      case GraphProto.OUTPUT_FIELD_NUMBER -> outputs.add(port());
      case GraphProto.INITIALIZER_FIELD_NUMBER -> initializers.add(InitializerReader.read(input));
      default -> input.skip();
    }
  }

  GraphSummary summary() {
    return new GraphSummary(
        name,
        List.copyOf(inputs),
        List.copyOf(outputs),
        List.copyOf(initializers),
        operators.counts());
  }

  private PortSummary port() throws IOException {
    var value = ValueInfoProto.parseFrom(input.smallMessage());
    return new PortSummary(value.getName(), TypeText.of(value.getType()));
  }
}
