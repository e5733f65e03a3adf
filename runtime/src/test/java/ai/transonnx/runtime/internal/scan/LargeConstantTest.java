package ai.transonnx.runtime.internal.scan;

import static ai.transonnx.runtime.internal.scan.Onnx.attribute;
import static ai.transonnx.runtime.internal.scan.Onnx.call;
import static ai.transonnx.runtime.internal.scan.Onnx.function;
import static ai.transonnx.runtime.internal.scan.Onnx.graph;
import static ai.transonnx.runtime.internal.scan.Onnx.node;
import static ai.transonnx.runtime.internal.scan.Onnx.tensor;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.format.internal.wire.MessageWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LargeConstantTest {
  private static final long BYTES = Limits.EXPANDED_BYTES + Float.BYTES;

  /** A message whose last field continues with the hole, or with a message that does. */
  private record Opening(MessageWriter message) {
    Opening in(MessageWriter outer, int field) {
      return new Opening(outer.announce(field, message.size() + BYTES).encoded(bytes()));
    }

    byte[] bytes() {
      return message.encode().toByteArray();
    }
  }

  /** The data of the constant are a hole in the file, which takes no space. */
  @Test
  void aConstantBesideACallThatDoesNotCopyIt(@TempDir Path folder) throws IOException {
    var data =
        new Opening(
            tensor("", TensorProto.DataType.FLOAT_VALUE, BYTES / Float.BYTES)
                .announce(TensorProto.RAW_DATA_FIELD_NUMBER, BYTES));
    var constant =
        data.in(
                attribute("value", AttributeProto.AttributeType.TENSOR_VALUE),
                AttributeProto.T_FIELD_NUMBER)
            .in(node("Constant", "", "c"), NodeProto.ATTRIBUTE_FIELD_NUMBER)
            .in(new MessageWriter(), GraphProto.NODE_FIELD_NUMBER);
    var rest = graph(call("F", "x", "y")).encode().toByteArray();
    var start =
        Onnx.model()
            .announce(
                ModelProto.GRAPH_FIELD_NUMBER, constant.message().size() + BYTES + rest.length)
            .encoded(constant.bytes());
    var end =
        new MessageWriter()
            .encoded(rest)
            .message(
                ModelProto.FUNCTIONS_FIELD_NUMBER, function("F", "a", "r", node("Neg", "a", "r")));
    var file = folder.resolve("model.onnx");
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      channel.write(start.encode().asReadOnlyByteBuffer());
      channel.position(channel.position() + BYTES);
      channel.write(end.encode().asReadOnlyByteBuffer());
    }
    assertDoesNotThrow(() -> ModelScan.check(file));
  }
}
