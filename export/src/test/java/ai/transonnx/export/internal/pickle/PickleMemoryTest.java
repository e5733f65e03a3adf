package ai.transonnx.export.internal.pickle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.weights.Location;
import ai.transonnx.export.weights.Content;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** An instruction of one byte can make a value of a hundred, and a call one of a thousand. */
class PickleMemoryTest {
  private static final long HEAP = 1 << 20;

  private static PickleValue read(byte[] pickle) {
    Content content = (offset, length) -> ByteBuffer.wrap(pickle).slice((int) offset, length);
    return PickleReader.read(
        Location.of(Path.of("w")),
        new PickleInput(content, pickle.length),
        KnownGlobals.standard(),
        HEAP);
  }

  private static byte[] list(int count, int... instruction) {
    return PickleBytes.of(2).op(']', '(').times(count, instruction).op('e').stop();
  }

  private static byte[] calls(int count) {
    var pickle = PickleBytes.of(2).global("collections", "OrderedDict").op('q', 0, '0', ')');
    return pickle.op('q', 1, '0', '(').times(count, 'h', 0, 'h', 1, 'R').op('l').stop();
  }

  @Test
  void valuesThatFitAreRead() {
    assertEquals("a list", read(list(10_000, 'K', 1)).description());
  }

  @Test
  void moreValuesThanFitTheHeapAreRefused() {
    var error = assertThrows(InputException.class, () -> read(list(15_000, 'K', 1)));
    assertEquals(
        "w: at byte 26214 of the pickle: it has more values than fit into 1 MiB, half of the heap;"
            + " start Java with a larger -Xmx",
        error.getMessage());
  }

  @Test
  void moreCallsThanFitTheHeapAreRefused() {
    assertEquals("a list", read(calls(500)).description());
    assertThrows(InputException.class, () -> read(calls(700)));
  }

  @Test
  void moreTextsThanFitTheHeapAreRefused() {
    var pickle = PickleBytes.of(2).op('(');
    for (int i = 0; i < 600; i++) {
      pickle.text("k".repeat(1000));
    }
    assertThrows(InputException.class, () -> read(pickle.op('l').stop()));
  }
}
