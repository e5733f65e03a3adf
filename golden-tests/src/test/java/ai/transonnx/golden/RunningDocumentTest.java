package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.format.MetadataKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What other programs are told of the files. */
class RunningDocumentTest {
  @Test
  void explainsWhateverModelsSayOfThemselves() throws IOException {
    var document = Files.readString(Path.of("../docs/running.md"));
    var unexplained =
        Stream.concat(
                Arrays.stream(MetadataKey.values()).map(MetadataKey::key),
                Stream.of("num_tokens.NAME"))
            .filter(key -> !document.contains("`" + key + "`"))
            .toList();
    assertEquals(List.of(), unexplained, "keys that docs/running.md does not explain");
  }
}
