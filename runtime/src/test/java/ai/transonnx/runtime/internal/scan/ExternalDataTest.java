package ai.transonnx.runtime.internal.scan;

import static ai.transonnx.runtime.internal.scan.Onnx.entry;
import static ai.transonnx.runtime.internal.scan.Onnx.graph;
import static ai.transonnx.runtime.internal.scan.Onnx.model;
import static ai.transonnx.runtime.internal.scan.Onnx.node;
import static ai.transonnx.runtime.internal.scan.Onnx.tensor;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.TensorProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tensors whose data are in another file. */
class ExternalDataTest {
  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void data() throws IOException {
    Files.write(folder.resolve("w.bin"), new byte[64]);
  }

  /** A model with a tensor of 8 bytes; keys and values alternate. */
  private Path written(String... entries) throws IOException {
    var tensor =
        tensor("w", TensorProto.DataType.FLOAT_VALUE, 2L)
            .number(
                TensorProto.DATA_LOCATION_FIELD_NUMBER, TensorProto.DataLocation.EXTERNAL_VALUE);
    for (int i = 0; i < entries.length; i += 2) {
      tensor.message(TensorProto.EXTERNAL_DATA_FIELD_NUMBER, entry(entries[i], entries[i + 1]));
    }
    var graph = graph(node("Add", "x w", "y")).message(GraphProto.INITIALIZER_FIELD_NUMBER, tensor);
    return Files.write(folder.resolve("model.onnx"), model(graph).encode().toByteArray());
  }

  private void refuses(String problem, String... entries) throws IOException {
    var file = written(entries);
    var error = assertThrows(InputException.class, () -> ModelScan.check(file));
    assertEquals(file + ": " + problem, error.getMessage());
  }

  @Test
  void aFileOfTheFolder() throws IOException {
    var whole = written("location", "./w.bin");
    assertDoesNotThrow(() -> ModelScan.check(whole));
    var end = written("location", "w.bin", "offset", "56", "length", "8", "checksum", "0");
    assertDoesNotThrow(() -> ModelScan.check(end));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/dev/zero", "../w.bin", "a/../../w.bin", ""})
  void aFileElsewhere(String location) throws IOException {
    refuses(
        "tensor 'w' is in '%s'; a model's weights are in its folder".formatted(location),
        "location",
        location);
  }

  @ParameterizedTest
  @CsvSource({
    "missing.bin, no such file",
    "*/_ORT_MEM_ADDR_/*, no such file",
    "., this is a directory; a file is needed"
  })
  void noPlainFile(String location, String reason) throws IOException {
    refuses(
        "tensor 'w' is in '%s': %s"
            .formatted(folder.resolve(Path.of(location).normalize()), reason),
        "location",
        location);
  }

  @Test
  void bytesBeyondTheEndOfTheFile() throws IOException {
    refuses(
        "tensor 'w' ends at byte 65 of '%s', which has 64 bytes; the file is damaged"
            .formatted(folder.resolve("w.bin")),
        "location",
        "w.bin",
        "offset",
        "57");
  }

  @Test
  void anotherLengthThanTheShape() throws IOException {
    refuses(
        "tensor 'w' needs 8 bytes for its shape, and has 12 in '%s'"
            .formatted(folder.resolve("w.bin")),
        "location",
        "w.bin",
        "length",
        "12");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-8", "9223372036854775807", "0x8", ""})
  void anOffsetThatIsNoNumberOfBytes(String offset) throws IOException {
    refuses(
        "tensor 'w' has the offset '%s', not a number of bytes".formatted(offset),
        "location",
        "w.bin",
        "offset",
        offset);
  }

  @Test
  void prepackedWeights() throws IOException {
    refuses(
        "external data have the unknown key 'prepacked_0'",
        "location",
        "w.bin",
        "prepacked_0",
        "key|0;8;0");
  }

  @Test
  void aKeyThatOccursTwice() throws IOException {
    refuses("external data have 'location' twice", "location", "w.bin", "location", "/dev/zero");
  }
}
