package ai.transonnx.runtime;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A model file without its large weights, each of which becomes a reference to where it lies in
 * that file. ONNX Runtime maps such weights, where it would copy those that it parses: it loads in
 * half the time, and never holds them twice.
 */
final class ExternalizedModel {
  private static final int MODEL_GRAPH = 7;
  private static final int GRAPH_INITIALIZER = 5;
  private static final int TENSOR_RAW_DATA = 9;
  private static final int TENSOR_EXTERNAL_DATA = 13;
  private static final int TENSOR_DATA_LOCATION = 14;
  private static final int ENTRY_KEY = 1;
  private static final int ENTRY_VALUE = 2;
  private static final int EXTERNAL = 1;

  /** Weights of fewer bytes stay: a page is the least that can be mapped. */
  private static final long LEAST = 4096;

  /** A model of which more remains is left to ONNX Runtime as it is. */
  private static final long MOST_REMAINING = 64 << 20;

  private static final String FOLDER = "session.model_external_initializers_file_folder_path";

  private final byte[] bytes;
  private final Path folder;

  private ExternalizedModel(byte[] bytes, Path folder) {
    this.bytes = bytes;
    this.folder = folder;
  }

  /** The model that remains; nobody changes it. */
  byte[] bytes() {
    return bytes;
  }

  /**
   * A file's model without its weights.
   *
   * @return nothing if there are no weights to leave out, or the file is not understood; ONNX
   *     Runtime then says what is wrong with it
   */
  static Optional<ExternalizedModel> of(Path file) {
    try (var channel = FileChannel.open(file)) {
      var real = file.toRealPath();
      var folder = real.getParent();
      var name = real.getFileName();
      return folder == null || name == null
          ? Optional.empty()
          : new Pass(new MessageScanner(channel), name.toString())
              .model()
              .map(bytes -> new ExternalizedModel(bytes, folder));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The folder of the file that has the weights. */
  Path folder() {
    return folder;
  }

  /** Tells a session's options where the weights are. */
  void configure(SessionOptions settings) throws OrtException {
    settings.addConfigEntry(FOLDER, folder.toString());
  }

  /** Writes something else for a field of a message, or says that the field stays. */
  private interface Replacement {
    boolean write(MessageScanner.Field field, WireMessage out) throws IOException;
  }

  /** One pass over the file called {@code name}. */
  private static final class Pass {
    private final MessageScanner in;
    private final String name;
    private boolean leavesOut;

    Pass(MessageScanner in, String name) {
      this.in = in;
      this.name = name;
    }

    Optional<byte[]> model() throws IOException {
      var model = message(in.size(), this::withGraph).toBytes();
      return leavesOut ? Optional.of(model) : Optional.empty();
    }

    private boolean withGraph(MessageScanner.Field field, WireMessage out) throws IOException {
      if (!field.isDelimited(MODEL_GRAPH)) {
        return false;
      }
      out.message(MODEL_GRAPH, message(field.end(), this::withInitializer));
      return true;
    }

    private boolean withInitializer(MessageScanner.Field field, WireMessage out)
        throws IOException {
      if (!field.isDelimited(GRAPH_INITIALIZER)) {
        return false;
      }
      out.message(GRAPH_INITIALIZER, message(field.end(), this::withReference));
      return true;
    }

    private boolean withReference(MessageScanner.Field field, WireMessage out) throws IOException {
      int number = field.number();
      if (number == TENSOR_EXTERNAL_DATA || number == TENSOR_DATA_LOCATION) {
        throw new IOException("there are weights in another file");
      }
      long start = in.position();
      long bytes = field.end() - start;
      if (!field.isDelimited(TENSOR_RAW_DATA) || bytes < LEAST) {
        return false;
      }
      leavesOut = true;
      out.message(TENSOR_EXTERNAL_DATA, entry("location", name))
          .message(TENSOR_EXTERNAL_DATA, entry("offset", Long.toString(start)))
          .message(TENSOR_EXTERNAL_DATA, entry("length", Long.toString(bytes)))
          .number(TENSOR_DATA_LOCATION, EXTERNAL);
      return true;
    }

    private static WireMessage entry(String key, String value) {
      return new WireMessage().text(ENTRY_KEY, key).text(ENTRY_VALUE, value);
    }

    /** The message from here to {@code end}, with some of its fields replaced. */
    private WireMessage message(long end, Replacement replacement) throws IOException {
      var out = new WireMessage();
      long kept = in.position();
      while (in.position() < end) {
        long start = in.position();
        var field = in.field(end);
        var replaced = new WireMessage();
        if (replacement.write(field, replaced)) {
          keep(kept, start, out);
          out.encoded(replaced.toBytes());
          kept = field.end();
        }
        in.moveTo(field.end());
      }
      keep(kept, end, out);
      return out;
    }

    private void keep(long from, long to, WireMessage out) throws IOException {
      if (out.size() + (to - from) > MOST_REMAINING) {
        throw new IOException("too much remains");
      }
      out.encoded(in.bytes(from, (int) (to - from)));
    }
  }
}
