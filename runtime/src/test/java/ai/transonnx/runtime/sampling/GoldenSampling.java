package ai.transonnx.runtime.sampling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Recorded results of the Python libraries' filters: logits, and those that each one keeps. */
final class GoldenSampling {
  private static final Path FOLDER = Path.of("../golden-tests/cases/sampling");

  private final ByteBuffer data;
  private final JsonNode header;
  private final JsonNode description;

  private GoldenSampling(ByteBuffer data, JsonNode header, JsonNode description) {
    this.data = data;
    this.header = header;
    this.description = description;
  }

  static GoldenSampling read() {
    try {
      var json = new ObjectMapper();
      byte[] file = Files.readAllBytes(FOLDER.resolve("io.safetensors"));
      var bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
      int length = Math.toIntExact(bytes.getLong());
      return new GoldenSampling(
          bytes
              .slice(Long.BYTES + length, file.length - Long.BYTES - length)
              .order(ByteOrder.LITTLE_ENDIAN),
          json.readTree(file, Long.BYTES, length),
          json.readTree(FOLDER.resolve("sampling.json").toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<String> cases() {
    var names = new ArrayList<String>();
    description.get("cases").forEach(entry -> names.add(entry.get("name").textValue()));
    return names;
  }

  int rows() {
    return header.at("/logits/shape/0").intValue();
  }

  int vocabulary() {
    return header.at("/logits/shape/1").intValue();
  }

  float[] logits(int row) {
    var logits = new float[vocabulary()];
    data.slice(offset("logits") + row * logits.length * Float.BYTES, logits.length * Float.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(logits);
    return logits;
  }

  List<Integer> kept(String name, int row) {
    var kept = new ArrayList<Integer>();
    for (int token = 0; token < vocabulary(); token++) {
      if (data.get(offset(name) + row * vocabulary() + token) != 0) {
        kept.add(token);
      }
    }
    return kept;
  }

  private int offset(String name) {
    return header.get(name).get("data_offsets").get(0).intValue();
  }
}
