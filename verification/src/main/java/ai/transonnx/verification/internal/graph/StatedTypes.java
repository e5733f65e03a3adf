package ai.transonnx.verification.internal.graph;

import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.ValueInfoProto;
import java.util.HashMap;
import java.util.Map;

/** The element types that a graph states for its values. Immutable, so threads may share it. */
final class StatedTypes {
  private final Map<String, Integer> types = new HashMap<>();

  StatedTypes(GraphProto graph) {
    graph.getValueInfoList().forEach(this::add);
    graph.getOutputList().forEach(this::add);
  }

  private void add(ValueInfoProto value) {
    if (value.getType().hasTensorType()) {
      types.put(value.getName(), value.getType().getTensorType().getElemType());
    }
  }

  /** An output with the stated type, if there is one, and without a shape. */
  ValueInfoProto port(String value) {
    var port = ValueInfoProto.newBuilder().setName(value);
    var type = types.get(value);
    if (type != null) {
      port.getTypeBuilder().getTensorTypeBuilder().setElemType(type);
    }
    return port.build();
  }
}
