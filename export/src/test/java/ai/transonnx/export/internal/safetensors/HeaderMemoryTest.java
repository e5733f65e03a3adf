package ai.transonnx.export.internal.safetensors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.InputException;
import ai.transonnx.export.weights.Content;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;

/** A header may have 100 MB, and takes more on the heap than in the file. */
class HeaderMemoryTest {
  private static final long HEAP = 2 << 20;

  private static Header parse(String json) {
    var bytes = json.getBytes(StandardCharsets.UTF_8);
    Content content = (offset, length) -> ByteBuffer.wrap(bytes).slice((int) offset, length);
    return HeaderParser.parse(Path.of("w"), content, bytes.length, HEAP);
  }

  private static String tensors(int count) {
    var header = new StringJoiner(",", "{", "}");
    for (int i = 0; i < count; i++) {
      header.add("\"%s\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}".formatted(i));
    }
    return header.toString();
  }

  @Test
  void aHeaderThatFitsIsRead() {
    assertEquals(2000, parse(tensors(2000)).entries().size());
  }

  @Test
  void moreTensorsThanFitTheHeapAreRefused() {
    var error = assertThrows(InputException.class, () -> parse(tensors(3000)));
    assertEquals(
        "w: the header has more tensors and metadata than fit into 2 MiB, half of the heap; start"
            + " Java with a larger -Xmx",
        error.getMessage());
  }

  @Test
  void moreMetadataThanFitsTheHeapIsRefused() {
    String metadata = "{\"__metadata__\":{\"k\":\"%s\"}}".formatted("v".repeat(1 << 20));
    assertThrows(InputException.class, () -> parse(metadata));
  }
}
