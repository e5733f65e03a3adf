package ai.transonnx.runtime;

import ai.transonnx.format.ElementType;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.PendingFiles;
import ai.transonnx.format.internal.file.PlainFile;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The file of a {@link LoopState}: a magic number, the counts, the tokens, each tensor as type,
 * shape and elements, and the SHA-256 of the weights. Numbers are big endian, elements little
 * endian. Each size is checked against the bytes left in the file before anything is allocated.
 * {@link LoopState#check} compares the content with a model.
 */
final class LoopStateFile {
  private static final long MAGIC = 0x54584c4f4f503032L; // TXLOOP02
  private static final int MOST_RANK = 8;

  /** The index of a type is its number in the file. */
  private static final List<ElementType> TYPES =
      List.of(
          ElementType.FLOAT32,
          ElementType.FLOAT64,
          ElementType.FLOAT16,
          ElementType.BFLOAT16,
          ElementType.INT8,
          ElementType.UINT8,
          ElementType.INT16,
          ElementType.INT32,
          ElementType.INT64,
          ElementType.BOOL);

  private static final int MOST_TENSORS = 1 << 16;

  private static final int BLOCK = 1 << 16;

  /** More than any loop is fed, and far enough from the largest number to count on from. */
  private static final long MOST_POSITIONS = 1L << 53;

  private final Path file;
  private final DataInputStream in;
  private long left;

  private LoopStateFile(Path file, DataInputStream in, long size) {
    this.file = file;
    this.in = in;
    this.left = size;
  }

  static void write(LoopState state, Path file) {
    try (var files = new PendingFiles()) {
      var out = new DataOutputStream(new BufferedOutputStream(files.create(file), BLOCK));
      write(state, out);
      out.flush();
      files.commit();
    } catch (IOException e) {
      throw failure(file, "written", e);
    }
  }

  private static void write(LoopState state, DataOutputStream out) throws IOException {
    out.writeLong(MAGIC);
    out.writeLong(state.position());
    out.writeLong(state.computed());
    out.writeInt(state.batch());
    out.writeInt(state.tokens()[0].length);
    for (long[] row : state.tokens()) {
      for (long token : row) {
        out.writeLong(token);
      }
    }
    write(out, state.logits());
    out.writeInt(state.state().size());
    for (var tensor : state.state()) {
      write(out, tensor);
    }
    var weights = state.weights().orElse("").getBytes(StandardCharsets.UTF_8);
    out.writeInt(weights.length);
    out.write(weights);
  }

  private static RequestException failure(Path file, String done, IOException e) {
    var reason = FileErrors.reason(e, "its directory is missing");
    return new RequestException("%s: the state cannot be %s: %s".formatted(file, done, reason));
  }

  private static void write(DataOutputStream out, Tensor tensor) throws IOException {
    out.writeInt(TYPES.indexOf(tensor.type()));
    out.writeInt(tensor.shape().length);
    for (long size : tensor.shape()) {
      out.writeLong(size);
    }
    var bytes = new byte[tensor.data().remaining()];
    tensor.data().get(bytes);
    out.write(bytes);
  }

  static LoopState read(Path file) {
    try (var in = new DataInputStream(new BufferedInputStream(PlainFile.stream(file), BLOCK))) {
      return new LoopStateFile(file, in, Files.size(file)).state();
    } catch (IOException e) {
      throw failure(file, "read", e);
    }
  }

  private LoopState state() throws IOException {
    if (number() != MAGIC) {
      throw damaged("not the state of a loop");
    }
    long position = number();
    if (position > MOST_POSITIONS) {
      throw damaged(
          "position %s is impossible; a loop has at most 2^53 positions".formatted(position));
    }
    long computed = number();
    int batch = count("rows", 1, Integer.MAX_VALUE);
    int length = count("tokens", 1, Integer.MAX_VALUE);
    if (computed < 1 || computed > length || length > position) {
      throw damaged(
          "position %s and %s computed positions are impossible with %s tokens"
              .formatted(position, computed, length));
    }
    claim((double) batch * length * Long.BYTES);
    var tokens = new long[batch][length];
    for (long[] row : tokens) {
      for (int i = 0; i < length; i++) {
        row[i] = in.readLong();
      }
    }
    var logits = tensor();
    if (logits.shape().length != 3 || logits.shape()[0] != batch || logits.shape()[1] != 1) {
      throw damaged("the logits are " + logits);
    }
    int count = count("tensors", 0, MOST_TENSORS);
    var tensors = new ArrayList<Tensor>();
    for (int i = 0; i < count; i++) {
      tensors.add(tensor());
    }
    var weights = text();
    if (left != 0) {
      throw damaged(left + " bytes after the end of the state");
    }
    var known = weights.isEmpty() ? Optional.<String>empty() : Optional.of(weights);
    return new LoopState(position, computed, tokens, tensors, logits, known);
  }

  private Tensor tensor() throws IOException {
    var type = TYPES.get(count("types", 0, TYPES.size() - 1));
    var shape = new long[count("dimensions", 0, MOST_RANK)];
    double bytes = type.bytes();
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = number();
      if (shape[axis] < 0) {
        throw damaged("a dimension is " + shape[axis]);
      }
      bytes *= shape[axis];
    }
    claim(bytes);
    var data = new byte[(int) bytes];
    in.readFully(data);
    return Tensor.of(type, ByteBuffer.wrap(data), shape);
  }

  private String text() throws IOException {
    int length = count("letters", 0, Integer.MAX_VALUE);
    claim(length);
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  private long number() throws IOException {
    claim(Long.BYTES);
    return in.readLong();
  }

  private int count(String what, int least, int most) throws IOException {
    claim(Integer.BYTES);
    int count = in.readInt();
    if (count < least || count > most) {
      throw damaged("the number of %s is %s".formatted(what, count));
    }
    return count;
  }

  /** Subtracts bytes that are about to be read from those left. */
  private void claim(double bytes) {
    if (bytes > Math.min(left, Integer.MAX_VALUE - 8)) {
      throw damaged("the file ends too early");
    }
    left -= (long) bytes;
  }

  private RequestException damaged(String problem) {
    return new RequestException(file + ": " + problem);
  }
}
