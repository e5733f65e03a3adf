package ai.transonnx.golden;

import ai.transonnx.internal.config.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** The tensors of a safetensors file, to write them changed. */
final class EditedWeights {
  private final Map<String, ObjectNode> descriptions = new LinkedHashMap<>();
  private final Map<String, byte[]> contents = new LinkedHashMap<>();

  private EditedWeights() {}

  static EditedWeights of(Path path) throws IOException {
    var file = Files.readAllBytes(path);
    int data =
        Math.toIntExact(ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong(0))
            + Long.BYTES;
    var header =
        Json.parse(new String(file, Long.BYTES, data - Long.BYTES, StandardCharsets.UTF_8));
    var weights = new EditedWeights();
    for (var tensor : header.properties()) {
      var offsets = tensor.getValue().get("data_offsets");
      if (offsets != null) {
        weights.descriptions.put(tensor.getKey(), (ObjectNode) tensor.getValue());
        weights.contents.put(
            tensor.getKey(),
            Arrays.copyOfRange(file, data + offsets.get(0).asInt(), data + offsets.get(1).asInt()));
      }
    }
    return weights;
  }

  /** Removes tensors; returns how many. */
  int remove(Predicate<String> names) {
    int before = contents.size();
    contents.keySet().removeIf(names);
    return before - contents.size();
  }

  /** Names tensors anew; returns how many have another name. */
  int rename(UnaryOperator<String> names) {
    int renamed = 0;
    for (var name : contents.keySet().toArray(String[]::new)) {
      var other = names.apply(name);
      if (!other.equals(name)) {
        descriptions.put(other, descriptions.get(name));
        contents.put(other, contents.remove(name));
        renamed++;
      }
    }
    return renamed;
  }

  /** Adds a tensor of the type and shape of another one, with each byte given. */
  void addLike(String model, String name, int each) {
    var bytes = new byte[contents.get(model).length];
    Arrays.fill(bytes, (byte) each);
    descriptions.put(name, descriptions.get(model));
    contents.put(name, bytes);
  }

  Iterable<String> names() {
    return contents.keySet().stream().toList();
  }

  void write(Path path) throws IOException {
    var header = Json.parse("{}");
    int size = 0;
    for (var tensor : contents.entrySet()) {
      var description = descriptions.get(tensor.getKey()).deepCopy();
      int end = size + tensor.getValue().length;
      description.putArray("data_offsets").add(size).add(end);
      ((ObjectNode) header).set(tensor.getKey(), description);
      size = end;
    }
    var text = Json.compact(header).getBytes(StandardCharsets.UTF_8);
    var file = ByteBuffer.allocate(Long.BYTES + text.length + size).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(text.length).put(text);
    contents.values().forEach(file::put);
    Files.write(path, file.array());
  }
}
