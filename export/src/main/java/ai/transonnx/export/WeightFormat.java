package ai.transonnx.export;

import ai.transonnx.export.internal.torch.LegacyTorchFile;
import ai.transonnx.export.internal.weights.MappedFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/** The weight formats, detected from the first bytes of a file. */
enum WeightFormat {
  SAFETENSORS,
  INDEX,
  ZIP,
  LEGACY_TORCH,
  PICKLE;

  private static final int ZIP_START = 0x04034b50;
  private static final int EMPTY_ZIP_START = 0x06054b50;
  private static final int PICKLE_START = 0x80;
  private static final int HEADER = 8;

  /** The format of a file; empty if its first bytes match no format. */
  static Optional<WeightFormat> of(Path path) {
    try (var file = MappedFile.open(path)) {
      var start = file.slice(0, (int) Math.min(HEADER + 1, file.size()));
      int length = start.limit();
      if (length >= Integer.BYTES
          && (start.getInt(0) == ZIP_START || start.getInt(0) == EMPTY_ZIP_START)) {
        return Optional.of(ZIP);
      }
      if (length > 0 && Byte.toUnsignedInt(start.get(0)) == PICKLE_START && !isHeader(start)) {
        return Optional.of(LegacyTorchFile.matches(file, file.size()) ? LEGACY_TORCH : PICKLE);
      }
      if (isText(start)) {
        return Optional.of(INDEX);
      }
      return length > HEADER && start.get(HEADER) == '{'
          ? Optional.of(SAFETENSORS)
          : Optional.empty();
    }
  }

  /** Whether the bytes start a safetensors file: a length below 4 GiB, then a JSON object. */
  private static boolean isHeader(ByteBuffer start) {
    return start.limit() > HEADER && start.get(HEADER) == '{' && start.getInt(4) == 0;
  }

  /** Whether the bytes start a JSON text; those of a safetensors file contain zeros. */
  private static boolean isText(ByteBuffer start) {
    var text = new StringBuilder();
    for (int i = 0; i < start.limit(); i++) {
      char character = (char) Byte.toUnsignedInt(start.get(i));
      if (character < ' ' && !Character.isWhitespace(character)) {
        return false;
      }
      text.append(character);
    }
    return text.toString().strip().startsWith("{");
  }

  /** Whether a file of this format may have its state dict under a key. */
  boolean hasKeys() {
    return this == ZIP || this == LEGACY_TORCH || this == PICKLE;
  }
}
