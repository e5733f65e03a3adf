package ai.transonnx.export.inspect;

import ai.transonnx.format.ElementType;
import ai.transonnx.format.internal.Printable;
import ai.transonnx.format.internal.proto.StringStringEntryProto;
import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.format.internal.wire.MessageReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a tensor without its elements. */
final class InitializerReader {
  private static final long NONE = -1;

  private final MessageReader input;
  private final List<Long> dims = new ArrayList<>();
  private String name = "";
  private int type;
  private String documentation = "";
  private Optional<String> location = Optional.empty();
  private long rawBytes = NONE;

  private InitializerReader(MessageReader input) {
    this.input = input;
  }

  static InitializerSummary read(MessageReader input) throws IOException {
    var tensor = new InitializerReader(input);
    input.message(tensor::field);
    return new InitializerSummary(
        tensor.name,
        TypeText.ofElements(tensor.type),
        List.copyOf(tensor.dims),
        tensor.bytes(),
        tensor.location,
        tensor.documentation);
  }

  private void field(int number) throws IOException {
    switch (number) {
      case TensorProto.NAME_FIELD_NUMBER -> name = input.text();
      case TensorProto.DATA_TYPE_FIELD_NUMBER -> type = (int) input.number();
      case TensorProto.DIMS_FIELD_NUMBER -> input.numbers(dims);
      case TensorProto.DOC_STRING_FIELD_NUMBER -> documentation = input.text();
      case TensorProto.RAW_DATA_FIELD_NUMBER -> rawBytes = input.skipBytes();
      case TensorProto.EXTERNAL_DATA_FIELD_NUMBER -> {
        var entry = StringStringEntryProto.parseFrom(input.smallMessage());
        if (entry.getKey().equals("location")) {
          location = Optional.of(entry.getValue());
        }
      }
      default -> input.skip();
    }
  }

  /** The size of the elements by type and shape; for an unknown type, the size in the file. */
  private long bytes() {
    var elements = ElementType.ofOnnxNumber(type);
    if (elements.isEmpty()) {
      return Math.max(rawBytes, 0);
    }
    long count = 1;
    for (long dim : dims) {
      if (dim < 0 || (dim > 0 && count > Long.MAX_VALUE / Double.BYTES / dim)) {
        throw input.error(
            "initializer '%s': shape %s is not valid".formatted(Printable.of(name), dims));
      }
      count *= dim;
    }
    long needed = elements.get().bytes(count);
    if (rawBytes != NONE && rawBytes != needed) {
      throw input.error(
          "initializer '%s': %s of shape %s takes %s bytes, but has %s"
              .formatted(Printable.of(name), TypeText.ofElements(type), dims, needed, rawBytes));
    }
    return needed;
  }
}
