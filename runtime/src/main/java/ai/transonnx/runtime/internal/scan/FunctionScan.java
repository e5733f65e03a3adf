package ai.transonnx.runtime.internal.scan;

import ai.transonnx.format.internal.Printable;
import ai.transonnx.format.internal.proto.FunctionProto;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/** Scans a function. */
final class FunctionScan {
  private final Source source;
  private final Set<String> inputs = new HashSet<>();
  private final Set<String> outputs = new HashSet<>();
  private final Operators operators;
  private String name = "";
  private String domain = "";
  private String overload = "";
  private long defaultBytes;

  private FunctionScan(Source source) {
    this.source = source;
    this.operators = new Operators(source, inputs);
  }

  /** Scans a field that is a function. */
  static FunctionScan field(Source source) throws IOException {
    var function = new FunctionScan(source);
    source.message(
        function::read,
        FunctionProto.NAME_FIELD_NUMBER,
        FunctionProto.DOMAIN_FIELD_NUMBER,
        FunctionProto.OVERLOAD_FIELD_NUMBER);
    if (function.name.isEmpty()) {
      throw source.error("a function has no name");
    }
    return function;
  }

  Operators.Name name() {
    return new Operators.Name(domain, name);
  }

  String overload() {
    return overload;
  }

  int inputs() {
    return inputs.size();
  }

  int outputs() {
    return outputs.size();
  }

  Operators operators() {
    return operators;
  }

  /** The size of the defaults of its attributes. */
  long defaultBytes() {
    return defaultBytes;
  }

  private void read(int number) throws IOException {
    switch (number) {
      case FunctionProto.NAME_FIELD_NUMBER -> name = source.keptName();
      case FunctionProto.DOMAIN_FIELD_NUMBER -> domain = source.keptName();
      case FunctionProto.OVERLOAD_FIELD_NUMBER -> overload = source.keptName();
      case FunctionProto.INPUT_FIELD_NUMBER -> add(inputs, "inputs");
      case FunctionProto.OUTPUT_FIELD_NUMBER -> add(outputs, "outputs");
      case FunctionProto.ATTRIBUTE_FIELD_NUMBER -> source.name();
      case FunctionProto.ATTRIBUTE_PROTO_FIELD_NUMBER -> {
        int start = source.in().fieldStart();
        NodeScan.defaultField(source, operators);
        defaultBytes += source.in().position() - start;
      }
      case FunctionProto.NODE_FIELD_NUMBER -> NodeScan.field(source, operators);
      case FunctionProto.VALUE_INFO_FIELD_NUMBER -> TypeScan.inside(source).value();
      default -> source.prose();
    }
  }

  private void add(Set<String> names, String kind) throws IOException {
    if (names == inputs && !operators.uses().isEmpty()) {
      throw source.error("a function has nodes before its inputs");
    }
    var value = source.keptName();
    if (value.isEmpty() || !names.add(value)) {
      throw source.error(
          "a function has %s among its %s, which need different names"
              .formatted(
                  value.isEmpty() ? "an empty name" : Printable.quoted(value) + " twice", kind));
    }
  }
}
