package ai.transonnx.runtime.internal.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the safetensors files of the program that started this one, and writes others. */
final class WorkerTensors {
  private static final String METADATA = "__metadata__";

  private WorkerTensors() {}

  static Map<String, WorkerTensor> read(Path path) throws IOException {
    try (var file = FileChannel.open(path, StandardOpenOption.READ)) {
      long length = read(file, 0, Long.BYTES).getLong();
      var header = new byte[Math.toIntExact(length)];
      read(file, Long.BYTES, header.length).get(header);
      var tensors = new LinkedHashMap<String, WorkerTensor>();
      for (var entry : Json.object(Json.parse(new String(header, UTF_8))).entrySet()) {
        if (!entry.getKey().equals(METADATA)) {
          var described = Json.object(entry.getValue());
          tensors.put(entry.getKey(), tensor(file, Long.BYTES + length, described));
        }
      }
      return tensors;
    }
  }

  private static WorkerTensor tensor(FileChannel file, long start, Map<String, Object> described)
      throws IOException {
    var offsets = Json.longs(described, "data_offsets");
    var data = read(file, start + offsets[0], Math.toIntExact(offsets[1] - offsets[0]));
    return WorkerTensor.of(Json.text(described, "dtype"), Json.longs(described, "shape"), data);
  }

  private static ByteBuffer read(FileChannel file, long position, int length) throws IOException {
    var data = ByteBuffer.allocateDirect(length).order(ByteOrder.LITTLE_ENDIAN);
    while (data.hasRemaining()) {
      if (file.read(data, position + data.position()) < 0) {
        throw new EOFException("the file of inputs is truncated");
      }
    }
    return data.flip();
  }

  static void write(Path path, Map<String, WorkerTensor> tensors) throws IOException {
    var header = new LinkedHashMap<String, Object>();
    long offset = 0;
    for (var entry : tensors.entrySet()) {
      var tensor = entry.getValue();
      long end = offset + tensor.data().remaining();
      var described = new LinkedHashMap<String, Object>();
      described.put("dtype", tensor.dtype());
      described.put("shape", tensor.shape());
      described.put("data_offsets", List.of(offset, end));
      header.put(entry.getKey(), described);
      offset = end;
    }
    var text = Json.text(header).getBytes(UTF_8);
    try (var file =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      var length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      write(file, length.putLong(text.length).flip());
      write(file, ByteBuffer.wrap(text));
      for (var tensor : tensors.values()) {
        write(file, tensor.data().duplicate());
      }
    }
  }

  private static void write(FileChannel file, ByteBuffer data) throws IOException {
    while (data.hasRemaining()) {
      file.write(data);
    }
  }
}
