package ai.transonnx.export.internal.sharded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.export.Weights;
import ai.transonnx.export.internal.weights.Refusal;
import ai.transonnx.export.internal.weights.TestWeights;
import ai.transonnx.export.weights.Fingerprint;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.graph.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShardedFileTest {
  @TempDir private Path directory = Path.of("");

  @BeforeEach
  void writeShards() {
    new TestWeights().addCounting("a", 2).addCounting("b", 3).write(directory.resolve("1.st"));
    new TestWeights().addCounting("c", 4).write(directory.resolve("2.st"));
  }

  private Path index(String json) throws IOException {
    return Files.writeString(directory.resolve("index.json"), json);
  }

  @Test
  void readsTheShardsOfAnIndex() throws IOException {
    var path =
        index(
            """
            {"metadata": {"total_size": 36, "x": {}},
             "weight_map": {"c": "2.st", "a": "1.st", "b": "1.st"}}
            """);
    try (var file = Weights.open(path)) {
      assertEquals(List.of("c", "a", "b"), List.copyOf(file.tensors().keySet()));
      assertEquals(
          List.of(path, directory.resolve("1.st"), directory.resolve("2.st")), file.files());
      assertEquals("2 shards of safetensors", file.format());
      assertEquals(Map.of("total_size", "36"), file.metadata());
    }
  }

  @Test
  void theMetadataOfTheIndexNamesSharedTensors() throws IOException {
    var path =
        index(
            """
            {"metadata": {"d": "c", "e": "none", "a": "c", "f": 1},
             "weight_map": {"c": "2.st", "a": "1.st", "b": "1.st"}}
            """);
    try (var file = Weights.open(path)) {
      assertEquals(List.of("c", "a", "b", "d"), List.copyOf(file.tensors().keySet()));
      assertEquals(Shape.of(4), shape(file, "d"));
      assertEquals(Shape.of(2), shape(file, "a"));
    }
  }

  @Test
  void theMetadataOfAShardNamesSharedTensorsOfAnyShard() throws IOException {
    new TestWeights()
        .metadata("format", "pt")
        .metadata("d", "c")
        .metadata("e", "b")
        .addCounting("c", 4)
        .write(directory.resolve("2.st"));
    var path = index("{\"weight_map\": {\"c\": \"2.st\", \"a\": \"1.st\", \"b\": \"1.st\"}}");
    try (var file = Weights.open(path)) {
      assertEquals(List.of("c", "a", "b", "d", "e"), List.copyOf(file.tensors().keySet()));
      assertEquals(Shape.of(4), shape(file, "d"));
      assertEquals(Shape.of(3), shape(file, "e"));
    }
  }

  private static Shape shape(WeightFile file, String name) {
    return Objects.requireNonNull(file.tensors().get(name)).shape();
  }

  @Test
  void theFingerprintCoversAllFiles() throws IOException {
    var path = index("{\"weight_map\": {\"c\": \"2.st\", \"a\": \"1.st\", \"b\": \"1.st\"}}");
    String before = fingerprint(path);
    new TestWeights().add("c", Shape.of(4), 0, 1, 2, 4).write(directory.resolve("2.st"));
    assertNotEquals(before, fingerprint(path));
  }

  @Test
  void theMetadataOfAllShardsHaveOneLimit() throws IOException {
    for (var name : List.of("a", "b")) {
      var header =
          """
          {"__metadata__": {"text": "%s"}, "%s": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}\
          """
              .formatted("x".repeat(1 << 20), name);
      var file = directory.resolve(name + ".st");
      TestWeights.write(file, header.getBytes(StandardCharsets.UTF_8), new byte[Float.BYTES]);
    }
    var path = index("{\"weight_map\": {\"a\": \"a.st\", \"b\": \"b.st\"}}");
    ShardedFile.open(path, Weights::open, 5 << 20).close();
    var error =
        assertThrows(
            InputException.class, () -> ShardedFile.open(path, Weights::open, 3 << 20).close());
    assertEquals(
        path
            + ": its shards have more metadata than fit into 3 MiB, a quarter of the heap; start"
            + " Java with a larger -Xmx",
        error.getMessage());
  }

  private static String fingerprint(Path path) {
    try (var file = Weights.open(path)) {
      return Fingerprint.start(file.files()).hex();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\": 1} | it is JSON, but no index of shards: it has no 'weight_map'",
        "{\"weight_map\": [\"a\"]} | it is JSON, but no index of shards",
        "{\"weight_map\": {\"a\": 1}} | the shard of 'a' must be the name of a file, got 1",
        "{\"weight_map\": {\"a\": \"../1.st\"}} | must be the name of a file beside the index",
        "{\"weight_map\": {\"a\": \"..\"}} | must be the name of a file beside the index",
        "{\"weight_map\": {\"a\": \"/etc/passwd\"}} | must be the name of a file beside the index",
        "{\"weight_map\": {\"a\": \"\"}} | must be the name of a file beside the index",
        "{\"weight_map\": {\"d\": \"2.st\"}} | weight_map: shard '2.st' has no tensor 'd'",
        "{\"weight_map\": {\"a\": \"1.st\"}} | tensor 'b' of shard '1.st' is not in the index",
        "{\"weight_map\": {\"a\": \"1.st\", \"a\": \"2.st\"}} | not JSON: Duplicate",
        "{\"weight_map\": {\"a\": \"1.st\"} | not JSON",
        "{\"weight_map\": {\"a\": \"index.json\"}} | a shard cannot be an index of shards",
        "{\"weight_map\": {\"a\": \"3.st\"}} | no such file",
      })
  void refusesAnInvalidIndex(String json, String message) throws IOException {
    index(json);
    var error =
        assertThrows(InputException.class, () -> Refusal.readAll(directory.resolve("index.json")));
    String actual = String.valueOf(error.getMessage());
    for (var part : message.split(", got ", 2)) {
      assertTrue(actual.contains(part), actual);
    }
    assertEquals(1, actual.lines().count());
    assertTrue(actual.startsWith(directory.toString()), actual);
  }

  @Test
  void refusesAnIndexThatIsTooLarge() throws IOException {
    var path = index("{" + " ".repeat(16 << 20) + "}");
    Refusal.assertRefused(path, "too large: a JSON file may have at most 16777216 bytes");
  }

  @Test
  void refusesAFileOfUnknownFormat() throws IOException {
    Refusal.assertRefused(index(""), "not a weight file of a supported format: safetensors");
    Refusal.assertRefused(index("plain text"), "not a weight file of a supported format");
  }
}
