package ai.transonnx.export.internal.onnx;

import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.format.internal.wire.MessageWriter;
import ai.transonnx.graph.Parameter;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;

/**
 * The layout of a model's file, computed before anything is written, since Protobuf stores the
 * length of a message before its content. It has all bytes up to the end of the graph except the
 * elements of the parameters.
 *
 * @param head all bytes before the first parameter
 * @param parameters the parameters in the order of the file
 * @param bytes the length of head and parameters, with the elements that are inside the file
 */
record FileLayout(ByteString head, List<Slot> parameters, long bytes) {
  /** The alignment of external elements: a page, so that they can be mapped. */
  static final long ALIGNMENT = 4096;

  /**
   * A parameter with the position of its elements.
   *
   * @param head the bytes before its elements, or its whole message if they are external
   * @param bytes the number of bytes of its elements
   * @param offset the position of its elements in the external file, or {@link #INSIDE}
   */
  record Slot(Parameter parameter, ByteString head, long bytes, long offset) {
    static final long INSIDE = -1;

    boolean isInside() {
      return offset == INSIDE;
    }

    private long bytesInFile() {
      return head.size() + (isInside() ? bytes : 0);
    }
  }

  /** The layout with all elements inside the file. */
  static FileLayout inside(ByteString model, ByteString graph, List<Parameter> parameters) {
    var slots = new ArrayList<Slot>();
    for (var parameter : parameters) {
      slots.add(inside(parameter));
    }
    return of(model, graph, slots);
  }

  /**
   * The layout with the elements in an external file. Tensors without elements stay inside.
   *
   * @param location the external file's name, relative to the model's directory
   */
  static FileLayout external(
      ByteString model, ByteString graph, List<Parameter> parameters, String location) {
    var slots = new ArrayList<Slot>();
    long end = 0;
    for (var parameter : parameters) {
      long bytes = bytes(parameter);
      if (bytes == 0) {
        slots.add(inside(parameter));
        continue;
      }
      long offset = (end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
      var tensor =
          TensorEncoder.encode(parameter)
              .messages(
                  TensorProto.EXTERNAL_DATA_FIELD_NUMBER,
                  List.of(
                      ModelEncoder.entry("location", location),
                      ModelEncoder.entry("offset", Long.toString(offset)),
                      ModelEncoder.entry("length", Long.toString(bytes))))
              .number(
                  TensorProto.DATA_LOCATION_FIELD_NUMBER, TensorProto.DataLocation.EXTERNAL_VALUE);
      var head = new MessageWriter().message(GraphProto.INITIALIZER_FIELD_NUMBER, tensor);
      slots.add(new Slot(parameter, head.encode(), bytes, offset));
      end = offset + bytes;
    }
    return of(model, graph, slots);
  }

  /** The length of the file and of the external one. */
  long allBytes() {
    return bytes
        + parameters.stream()
            .filter(slot -> !slot.isInside())
            .mapToLong(slot -> slot.offset() + slot.bytes())
            .max()
            .orElse(0);
  }

  private static FileLayout of(ByteString model, ByteString graph, List<Slot> slots) {
    long parameterBytes = slots.stream().mapToLong(Slot::bytesInFile).sum();
    long graphBytes = graph.size() + parameterBytes;
    var head =
        model
            .concat(
                new MessageWriter().announce(ModelProto.GRAPH_FIELD_NUMBER, graphBytes).encode())
            .concat(graph);
    return new FileLayout(head, List.copyOf(slots), head.size() + parameterBytes);
  }

  private static Slot inside(Parameter parameter) {
    long bytes = bytes(parameter);
    var tensor =
        TensorEncoder.encode(parameter).announce(TensorProto.RAW_DATA_FIELD_NUMBER, bytes).encode();
    var head =
        new MessageWriter()
            .announce(GraphProto.INITIALIZER_FIELD_NUMBER, tensor.size() + bytes)
            .encode()
            .concat(tensor);
    return new Slot(parameter, head, bytes, Slot.INSIDE);
  }

  private static long bytes(Parameter parameter) {
    return parameter.elements().bytes(parameter.shape().elements());
  }
}
