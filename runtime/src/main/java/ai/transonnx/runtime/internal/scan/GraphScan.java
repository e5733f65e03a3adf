package ai.transonnx.runtime.internal.scan;

import ai.transonnx.format.internal.proto.GraphProto;
import java.io.IOException;

/** Scans a graph, which may be one of a node's attributes. */
final class GraphScan {
  private final Source source;
  private final Operators operators;

  private GraphScan(Source source, Operators operators) {
    this.source = source;
    this.operators = operators;
  }

  /** Scans a field that is a graph, and adds its nodes to {@code operators}. */
  static void field(Source source, Operators operators) throws IOException {
    source.message(new GraphScan(source, operators)::read, GraphProto.NAME_FIELD_NUMBER);
  }

  private void read(int number) throws IOException {
    switch (number) {
      case GraphProto.NODE_FIELD_NUMBER -> NodeScan.field(source, operators);
      case GraphProto.NAME_FIELD_NUMBER -> source.name();
      case GraphProto.INPUT_FIELD_NUMBER, GraphProto.OUTPUT_FIELD_NUMBER -> {
        source.port();
        TypeScan.ofPorts(source).value();
      }
      case GraphProto.VALUE_INFO_FIELD_NUMBER -> TypeScan.inside(source).value();
      case GraphProto.INITIALIZER_FIELD_NUMBER -> {
        source.initializer();
        TensorScan.field(source);
      }
      case GraphProto.SPARSE_INITIALIZER_FIELD_NUMBER -> {
        source.initializer();
        source.dense(TensorScan.sparseField(source));
      }
      case GraphProto.DOC_STRING_FIELD_NUMBER -> source.keptText();
      default -> source.prose();
    }
  }
}
