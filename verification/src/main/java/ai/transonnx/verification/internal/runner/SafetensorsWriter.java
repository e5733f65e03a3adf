package ai.transonnx.verification.internal.runner;

import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.Tensor;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes tensors in the format safetensors. Threads may use this class at once. */
public final class SafetensorsWriter {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private SafetensorsWriter() {}

  /** The format's name of an element type, such as {@code BF16}. */
  static String dtype(ElementType type) {
    return type.name().replace("FLOAT", "F").replace("UINT", "U").replace("INT", "I");
  }

  /** Writes a whole file. */
  public static void write(FileChannel file, Map<String, Tensor> tensors) throws IOException {
    var header = JSON.createObjectNode();
    long offset = 0;
    for (var entry : tensors.entrySet()) {
      var tensor = entry.getValue();
      var described = header.putObject(entry.getKey()).put("dtype", dtype(tensor.type()));
      var shape = described.putArray("shape");
      for (long size : tensor.shape()) {
        shape.add(size);
      }
      long end = offset + tensor.data().remaining();
      described.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    var text = JSON.writeValueAsString(header);
    // Readers map the elements, which therefore begin at a multiple of 8.
    var padded = text + " ".repeat((8 - text.length() % 8) % 8);
    var bytes = padded.getBytes(StandardCharsets.US_ASCII);
    var length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    write(file, length.putLong(bytes.length).flip());
    write(file, ByteBuffer.wrap(bytes));
    for (var tensor : tensors.values()) {
      write(file, tensor.data());
    }
  }

  private static void write(FileChannel file, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }
}
