package ai.transonnx.export.internal.pickle;

import ai.transonnx.export.internal.pickle.PickleValue.Bytes;
import ai.transonnx.export.internal.pickle.PickleValue.Text;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Short texts: those of Python 2 were bytes. */
final class Texts {
  /** The most bytes of a text that is decoded while reading. */
  static final int LONGEST = 1024;

  private Texts() {}

  static Optional<String> of(PickleValue value) {
    if (value instanceof Text text) {
      return Optional.of(text.value());
    }
    if (value instanceof Bytes bytes && bytes.length() <= LONGEST) {
      var slice = bytes.content().slice(0, (int) bytes.length());
      return Optional.of(StandardCharsets.ISO_8859_1.decode(slice).toString());
    }
    return Optional.empty();
  }
}
