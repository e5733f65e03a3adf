package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.graph.EmitOptions;
import ai.transonnx.internal.config.Json;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.verification.CaseReport;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Buffers that a checkpoint lacks are computed, because they are not trained. */
class AbsentBuffersTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "x-transformers/rotary, rotary_pos_emb.inv_freq",
    "x-transformers/rotary-dim, rotary_pos_emb.inv_freq",
    "x-transformers/rotary-xpos, rotary_pos_emb",
    "FLASH-pytorch/transformer-causal, abs_pos_emb.inv_freq",
  })
  void outputsAgreeWithoutTheBuffer(String name, String absent) throws IOException {
    var golden = Path.of("cases").resolve(name);
    for (var file : new String[] {"case.json", "io.safetensors"}) {
      Files.copy(golden.resolve(file), folder.resolve(file));
    }
    var weights = Files.readAllBytes(golden.resolve("weights.safetensors"));
    Files.write(folder.resolve("weights.safetensors"), without(weights, absent));
    var report = CaseReport.of(folder, ModelOptions.defaults(), EmitOptions.STANDARD);
    assertTrue(report.agrees() && report.checks() > 0, report::toString);
  }

  /** A safetensors file without the tensors whose names contain {@code absent}. */
  private static byte[] without(byte[] file, String absent) throws IOException {
    var bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int data = Math.toIntExact(bytes.getLong(0)) + Long.BYTES;
    var header =
        (ObjectNode)
            Json.parse(new String(file, Long.BYTES, data - Long.BYTES, StandardCharsets.UTF_8));
    var kept = header.objectNode();
    var content = new ByteArrayOutputStream();
    for (var tensor : header.properties()) {
      if (tensor.getKey().contains(absent)) {
        continue;
      }
      if (tensor.getKey().equals("__metadata__")) {
        kept.set(tensor.getKey(), tensor.getValue());
        continue;
      }
      int from = tensor.getValue().get("data_offsets").get(0).asInt();
      int to = tensor.getValue().get("data_offsets").get(1).asInt();
      var description = kept.putObject(tensor.getKey());
      description.setAll((ObjectNode) tensor.getValue());
      description.putArray("data_offsets").add(content.size()).add(content.size() + to - from);
      content.write(file, data + from, to - from);
    }
    assertTrue(kept.size() < header.size(), absent);
    var text = Json.compact(kept).getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(Long.BYTES + text.length + content.size())
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .put(content.toByteArray())
        .array();
  }
}
