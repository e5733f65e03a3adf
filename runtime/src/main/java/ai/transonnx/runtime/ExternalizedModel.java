package ai.transonnx.runtime;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.transonnx.InputException;
import ai.transonnx.format.internal.file.PlainFile;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.format.internal.wire.DataReference;
import ai.transonnx.format.internal.wire.MessageCopy;
import ai.transonnx.format.internal.wire.MessageReader;
import ai.transonnx.format.internal.wire.MessageWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A model file without its large weights, each replaced by a reference to its position in that
 * file. ONNX Runtime maps such weights into memory instead of copying them: a model loads in half
 * the time, and its weights are never in memory twice.
 */
final class ExternalizedModel {
  /** Smaller weights stay in the model: a page is the smallest unit that can be mapped. */
  private static final long MIN_EXTERNAL = 4096;

  /** If more than this remains, ONNX Runtime loads the file itself. */
  private static final long MAX_REMAINING = 64 << 20;

  private static final String FOLDER = "session.model_external_initializers_file_folder_path";

  private final byte[] bytes;
  private final Path folder;

  private ExternalizedModel(byte[] bytes, Path folder) {
    this.bytes = bytes;
    this.folder = folder;
  }

  /** The model without the weights. The array is shared: do not change it. */
  byte[] bytes() {
    return bytes;
  }

  /**
   * Reads a file's model without its large weights.
   *
   * @return empty if the file has no large weights, or cannot be read; ONNX Runtime then loads it
   *     and reports the problem
   */
  static Optional<ExternalizedModel> of(Path file) {
    try (var channel = PlainFile.channel(file)) {
      var real = file.toRealPath();
      var folder = real.getParent();
      var name = real.getFileName();
      return folder == null || name == null
          ? Optional.empty()
          : new Pass(file, channel, name.toString())
              .model()
              .map(bytes -> new ExternalizedModel(bytes, folder));
    } catch (IOException | InputException e) {
      return Optional.empty();
    }
  }

  /** The folder of the file with the weights. */
  Path folder() {
    return folder;
  }

  /** Sets the folder of the weights in a session's options. */
  void configure(SessionOptions settings) throws OrtException {
    settings.addConfigEntry(FOLDER, folder.toString());
  }

  /** One pass over the file called {@code name}. */
  private static final class Pass {
    private final String name;
    private final MessageCopy copy;
    private final MessageReader in;
    private boolean hasReferences;

    Pass(Path file, FileChannel channel, String name) throws IOException {
      this.name = name;
      this.copy = new MessageCopy(file, channel, MAX_REMAINING);
      this.in = copy.in();
    }

    Optional<byte[]> model() {
      var bytes = copy.file(this::inModel);
      return hasReferences ? Optional.of(bytes) : Optional.empty();
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
        case TensorProto.EXTERNAL_DATA_FIELD_NUMBER, TensorProto.DATA_LOCATION_FIELD_NUMBER ->
            throw in.error("weights are in another file");
        case TensorProto.RAW_DATA_FIELD_NUMBER -> {
          int length = in.skipBytes();
          if (length < MIN_EXTERNAL) {
            yield null;
          }
          hasReferences = true;
          yield DataReference.encode(name, in.position() - length, length);
        }
        default -> kept();
      };
    }

    private @Nullable MessageWriter kept() throws IOException {
      in.skip();
      return null;
    }
  }
}
