package ai.transonnx.export.inspect;

import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.FunctionProto;
import ai.transonnx.format.internal.wire.MessageReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads a function. */
final class FunctionReader {
  private final MessageReader input;
  private final OperatorCounter operators;
  private final List<String> inputs = new ArrayList<>();
  private final List<String> outputs = new ArrayList<>();
  private final List<String> attributes = new ArrayList<>();
  private String domain = "";
  private String name = "";
  private String documentation = "";

  private FunctionReader(MessageReader input) {
    this.input = input;
    this.operators = new OperatorCounter(input);
  }

  static FunctionSummary read(MessageReader input) throws IOException {
    var reader = new FunctionReader(input);
    input.message(reader::field);
    return new FunctionSummary(
        reader.domain,
        reader.name,
        reader.documentation,
        List.copyOf(reader.inputs),
        List.copyOf(reader.outputs),
        List.copyOf(reader.attributes),
        reader.operators.counts());
  }

  private void field(int number) throws IOException {
    switch (number) {
      case FunctionProto.DOMAIN_FIELD_NUMBER -> domain = input.text();
      case FunctionProto.NAME_FIELD_NUMBER -> name = input.text();
      case FunctionProto.DOC_STRING_FIELD_NUMBER -> documentation = input.text();
      case FunctionProto.INPUT_FIELD_NUMBER -> inputs.add(input.text());
      case FunctionProto.OUTPUT_FIELD_NUMBER -> outputs.add(input.text());
      case FunctionProto.ATTRIBUTE_FIELD_NUMBER -> attributes.add(input.text());
      case FunctionProto.ATTRIBUTE_PROTO_FIELD_NUMBER -> input.message(this::defaulted);
      case FunctionProto.NODE_FIELD_NUMBER -> operators.node();
      default -> input.skip();
    }
  }

  /** An attribute with a default value. */
  private void defaulted(int number) throws IOException {
    if (number == AttributeProto.NAME_FIELD_NUMBER) {
      attributes.add(input.text());
    } else {
      input.skip();
    }
  }
}
