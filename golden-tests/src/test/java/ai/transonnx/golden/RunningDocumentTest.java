package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.format.MetadataKey;
import ai.transonnx.format.StateRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares docs/running.md with the metadata keys and roles in the code. */
class RunningDocumentTest {
  private static final String FIRST_CELL = "| `";

  @Test
  void describesEveryMetadataKeyAndNoOther() throws IOException {
    assertDescribed(Arrays.stream(MetadataKey.values()).map(MetadataKey::toString), "| key |");
  }

  @Test
  void describesEveryRoleAndNoOther() throws IOException {
    assertDescribed(Arrays.stream(StateRole.values()).map(StateRole::label), "| role |");
  }

  private static void assertDescribed(Stream<String> names, String header) throws IOException {
    assertEquals(names.sorted().toList(), described(header));
  }

  /** The names in the first column of the table with this header, sorted. */
  private static List<String> described(String header) throws IOException {
    return Files.readString(Path.of("../docs/running.md"))
        .lines()
        .dropWhile(line -> !line.startsWith(header))
        .skip(2)
        .takeWhile(line -> line.startsWith(FIRST_CELL))
        .map(line -> line.substring(FIRST_CELL.length(), line.indexOf('`', FIRST_CELL.length())))
        .sorted()
        .toList();
  }
}
