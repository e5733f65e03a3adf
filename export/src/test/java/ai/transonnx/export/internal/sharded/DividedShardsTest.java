package ai.transonnx.export.internal.sharded;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.export.Weights;
import ai.transonnx.export.internal.weights.Refusal;
import ai.transonnx.export.internal.weights.TensorBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reads the shards that {@code divided.py} has written. */
class DividedShardsTest {
  private static final Path DIVIDED =
      Path.of("src/test/resources/ai/transonnx/export/internal/sharded/divided");
  private static final String FIRST = "shard-00001-model-00001-of-00001.safetensors";
  private static final String SECOND = "shard-00002-model-00001-of-00001.safetensors";

  @TempDir private Path folder = Path.of("");

  @Test
  void tensorsAreJoined() {
    try (var file = Weights.open(DIVIDED)) {
      assertEquals(Set.of("net.rows", "net.columns", "net.whole"), file.tensors().keySet());
      assertEquals(2, file.files().size());
      for (var tensor : file.tensors().values()) {
        var numbers = TensorBytes.numbers(tensor);
        for (int i = 0; i < numbers.size(); i++) {
          assertEquals((float) i, numbers.get(i), tensor.name());
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[3, 0] | [4, 0] | the parts of tensor 'net.rows' do not fit together",
        "[3, 0] | [0, 0] | do not fit together: 2 parts form no grid",
        "[3, 0] | [3,-1] | no valid 'saved_offsets' of tensor 'net.rows'",
        "[3, 0] | [3333] | no valid 'saved_offsets' of tensor 'net.rows'",
        ": [3, 0] | :[3.5,0] | no valid 'saved_offsets' of tensor 'net.rows'",
        "saved_offsets | sawed_offsets | no valid 'saved_offsets' of tensor",
        "DCP_SHARDING_INFO | DCP_SHARDING_INFI | no valid 'saved_offsets' of tensor",
      })
  void invalidPositionsAreRefused(String from, String to, String message) throws IOException {
    Files.copy(DIVIDED.resolve(FIRST), folder.resolve(FIRST));
    var text = Files.readString(DIVIDED.resolve(SECOND), StandardCharsets.ISO_8859_1);
    Files.writeString(folder.resolve(SECOND), text.replace(from, to), StandardCharsets.ISO_8859_1);
    Refusal.assertRefused(folder, message);
  }
}
