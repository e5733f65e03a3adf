package ai.transonnx.runtime;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.transonnx.InputException;
import ai.transonnx.format.internal.file.PlainFile;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.StringStringEntryProto;
import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.format.internal.wire.ChannelStream;
import ai.transonnx.format.internal.wire.MessageReader;
import ai.transonnx.format.internal.wire.MessageWriter;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
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

  /** Replaces fields of a message. */
  private interface Replacement {
    /** Reads or skips the field and returns the fields to write instead, or null to copy it. */
    @Nullable MessageWriter of(int number) throws IOException;
  }

  /** One pass over the file called {@code name}. */
  private static final class Pass {
    private final FileChannel channel;
    private final String name;
    private final MessageReader in;
    private boolean hasReferences;

    Pass(Path file, FileChannel channel, String name) throws IOException {
      this.channel = channel;
      this.name = name;
      this.in = new MessageReader(file, new ChannelStream(channel));
    }

    Optional<byte[]> model() throws IOException {
      var model = new Copy(this::inModel);
      in.file(model);
      var bytes = model.end().encode();
      return hasReferences ? Optional.of(bytes.toByteArray()) : Optional.empty();
    }

    private @Nullable MessageWriter inModel(int number) throws IOException {
      return number == ModelProto.GRAPH_FIELD_NUMBER ? copy(number, this::inGraph) : kept();
    }

    private @Nullable MessageWriter inGraph(int number) throws IOException {
      return number == GraphProto.INITIALIZER_FIELD_NUMBER
          ? copy(number, this::inInitializer)
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
          yield reference(in.position() - length, length);
        }
        default -> kept();
      };
    }

    private @Nullable MessageWriter kept() throws IOException {
      in.skip();
      return null;
    }

    private MessageWriter reference(int offset, int length) {
      hasReferences = true;
      return new MessageWriter()
          .message(TensorProto.EXTERNAL_DATA_FIELD_NUMBER, entry("location", name))
          .message(TensorProto.EXTERNAL_DATA_FIELD_NUMBER, entry("offset", "" + offset))
          .message(TensorProto.EXTERNAL_DATA_FIELD_NUMBER, entry("length", "" + length))
          .number(TensorProto.DATA_LOCATION_FIELD_NUMBER, TensorProto.DataLocation.EXTERNAL_VALUE);
    }

    private static MessageWriter entry(String key, String value) {
      return new MessageWriter()
          .text(StringStringEntryProto.KEY_FIELD_NUMBER, key)
          .text(StringStringEntryProto.VALUE_FIELD_NUMBER, value);
    }

    /** The field, which is a message, with some of its fields replaced. */
    private MessageWriter copy(int number, Replacement replacement) throws IOException {
      var copy = new Copy(replacement);
      in.message(copy);
      return new MessageWriter().message(number, copy.end());
    }

    /** A copy of the message that is being read, with some of its fields replaced. */
    private final class Copy implements MessageReader.Field {
      private static final int NONE = -1;

      private final Replacement replacement;
      private final MessageWriter out = new MessageWriter();
      private int copied = NONE; // up to this byte of the file

      Copy(Replacement replacement) {
        this.replacement = replacement;
      }

      @Override
      public void read(int number) throws IOException {
        int start = in.fieldStart();
        if (copied == NONE) {
          copied = start;
        }
        var replaced = replacement.of(number);
        if (replaced != null) {
          copyTo(start);
          out.encoded(replaced.encode().toByteArray());
          copied = in.position();
        }
      }

      MessageWriter end() throws IOException {
        if (copied != NONE) {
          copyTo(in.position());
        }
        return out;
      }

      private void copyTo(int end) throws IOException {
        if (out.size() + (long) end - copied > MAX_REMAINING) {
          throw new IOException("too much remains");
        }
        out.encoded(bytes(copied, end - copied));
      }
    }

    private byte[] bytes(int from, int count) throws IOException {
      var bytes = ByteBuffer.allocate(count);
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, from + bytes.position()) < 0) {
          throw new EOFException("the file has become shorter");
        }
      }
      return bytes.array();
    }
  }
}
