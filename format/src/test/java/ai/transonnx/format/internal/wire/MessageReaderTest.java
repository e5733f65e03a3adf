package ai.transonnx.format.internal.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MessageReaderTest {
  @TempDir private Path folder = Path.of("");

  private interface Reading {
    void read(MessageReader in) throws IOException;
  }

  private void read(MessageWriter message, Reading reading) throws IOException {
    read(message.encode().toByteArray(), reading);
  }

  private void read(byte[] bytes, Reading reading) throws IOException {
    var file = Files.write(folder.resolve("m.onnx"), bytes);
    try (var channel = FileChannel.open(file)) {
      reading.read(new MessageReader(file, new ChannelStream(channel)));
    }
  }

  @Test
  void readsWhatTheWriterWrites() throws IOException {
    var inner = new MessageWriter().text(1, "ab").numbers(2, List.of(7L, -1L));
    var numbers = new ArrayList<Long>();
    read(
        new MessageWriter().message(3, inner).number(4, 300),
        in ->
            in.file(
                number -> {
                  if (number == 4) {
                    numbers.add(in.number());
                    return;
                  }
                  in.message(
                      field -> {
                        if (field == 1) {
                          assertEquals("ab", in.text());
                        } else {
                          in.numbers(numbers);
                        }
                      });
                }));
    assertEquals(List.of(7L, -1L, 300L), numbers);
  }

  @Test
  void knowsWhereAFieldIsInTheFile() throws IOException {
    var content = new byte[10_000];
    read(
        new MessageWriter().number(1, 5).bytes(2, content).number(3, 5),
        in ->
            in.file(
                number -> {
                  if (number == 2) {
                    assertEquals(2, in.fieldStart());
                    assertEquals(content.length, in.skipBytes());
                    assertEquals(2 + 1 + 2 + content.length, in.position());
                  } else {
                    in.skip();
                  }
                }));
  }

  @Test
  void encodedFieldsAreWrittenAsTheyAre() {
    var fields = new MessageWriter().number(1, 2).text(2, "x");
    var copy = new MessageWriter().encoded(fields.encode().toByteArray());
    assertEquals(fields.encode(), copy.encode());
    assertEquals(fields.size(), copy.size());
  }

  @Test
  void aSkippedContentThatTheFileLacksIsMissed() throws IOException {
    var bytes = new MessageWriter().announce(1, 1 << 30).encode().toByteArray();
    read(bytes, in -> assertThrows(InputException.class, () -> in.file(number -> in.skip())));
    read(bytes, in -> assertThrows(InputException.class, () -> in.file(number -> in.skipBytes())));
  }

  @Test
  void aLengthBeyondTheFileReservesNoMemory() throws IOException {
    var bytes = new MessageWriter().announce(1, Integer.MAX_VALUE).encode().toByteArray();
    read(bytes, in -> assertThrows(InputException.class, () -> in.file(number -> in.text())));
    read(
        bytes,
        in -> assertThrows(InputException.class, () -> in.file(number -> in.smallMessage())));
  }

  @Test
  void aFieldOfAnotherTypeIsRefused() throws IOException {
    read(
        new MessageWriter().number(1, 5),
        in -> {
          var e = assertThrows(InputException.class, () -> in.file(number -> in.text()));
          assertTrue(String.valueOf(e.getMessage()).contains("another type than in ONNX"));
        });
  }

  @Test
  void aTextThatIsNotUtf8IsRefused() throws IOException {
    read(
        new MessageWriter().bytes(1, new byte[] {(byte) 0xff}),
        in -> {
          var e = assertThrows(InputException.class, () -> in.file(number -> in.text()));
          assertTrue(String.valueOf(e.getMessage()).contains("is not UTF-8"), e.getMessage());
        });
  }

  @Test
  void packedNumbersCountTowardTheLimit() throws IOException {
    read(
        new MessageWriter().bytes(1, new byte[1 << 20]),
        in -> {
          var numbers = new ArrayList<Long>();
          var e = assertThrows(InputException.class, () -> in.file(number -> in.numbers(numbers)));
          assertTrue(String.valueOf(e.getMessage()).contains("far longer"), e.getMessage());
        });
  }
}
