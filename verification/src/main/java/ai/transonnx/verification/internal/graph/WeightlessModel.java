package ai.transonnx.verification.internal.graph;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.PlainFile;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.format.internal.wire.DataReference;
import ai.transonnx.format.internal.wire.MessageCopy;
import ai.transonnx.format.internal.wire.MessageReader;
import ai.transonnx.format.internal.wire.MessageWriter;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads a model without the elements of its large initializers. Each is replaced by a reference to
 * its position in the file, with the location {@link #INSIDE}. Initializers of branches and loops
 * keep their elements: ONNX's checker, which ONNX Runtime uses for nodes with graphs, refuses
 * external data that have several hard links.
 */
final class WeightlessModel {
  /** Initializers of fewer bytes stay in the model. */
  static final long MIN_EXTERNAL = 1024;

  /** The location of elements that are in the model's own file. */
  static final String INSIDE = "";

  /** What may remain: nodes, and tensors that ONNX cannot store in other files. */
  private static final long MAX_REMAINING = 256 << 20;

  /** Three messages for each of the 32 levels of graphs that a file may have, and some more. */
  private static final int RECURSION_LIMIT = 200;

  private final MessageCopy copy;
  private final MessageReader in;

  private WeightlessModel(Path file, FileChannel channel) throws IOException {
    this.copy = new MessageCopy(file, channel, MAX_REMAINING);
    this.in = copy.in();
  }

  /** Reads a file that {@code OnnxModel.check} accepts. */
  static ModelProto read(Path file) {
    try (var channel = PlainFile.channel(file)) {
      var pass = new WeightlessModel(file, channel);
      var input = CodedInputStream.newInstance(pass.copy.file(pass::inModel));
      input.setRecursionLimit(RECURSION_LIMIT);
      return ModelProto.parseFrom(input);
    } catch (InvalidProtocolBufferException e) {
      throw new InputException(file + ": damaged, or not an ONNX file: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new InputException(file + ": " + FileErrors.unreadable(e), e);
    }
  }

  private @Nullable MessageWriter inModel(int number) throws IOException {
    return number == ModelProto.GRAPH_FIELD_NUMBER ? copy.message(number, this::inGraph) : kept();
  }

  private @Nullable MessageWriter inGraph(int number) throws IOException {
    return number == GraphProto.INITIALIZER_FIELD_NUMBER
        ? copy.message(number, this::inInitializer)
        : kept();
  }

  private @Nullable MessageWriter inInitializer(int number) throws IOException {
    return switch (number) {
      case TensorProto.RAW_DATA_FIELD_NUMBER,
          TensorProto.FLOAT_DATA_FIELD_NUMBER,
          TensorProto.DOUBLE_DATA_FIELD_NUMBER ->
          in.isBytes() ? elements() : kept();
      case TensorProto.DATA_LOCATION_FIELD_NUMBER -> location();
      default -> kept();
    };
  }

  private @Nullable MessageWriter elements() throws IOException {
    int length = in.skipBytes();
    return length < MIN_EXTERNAL
        ? null
        : DataReference.encode(INSIDE, in.position() - length, length);
  }

  /** Drops a statement that the elements are inside, which would be wrong for a reference. */
  private @Nullable MessageWriter location() throws IOException {
    boolean isInside = in.passingNumber() == TensorProto.DataLocation.DEFAULT_VALUE;
    return isInside ? new MessageWriter() : null;
  }

  private @Nullable MessageWriter kept() throws IOException {
    in.skip();
    return null;
  }
}
