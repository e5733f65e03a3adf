package ai.transonnx.runtime.internal.scan;

import ai.transonnx.format.internal.Printable;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.PlainFile;
import ai.transonnx.format.internal.proto.StringStringEntryProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The position of a tensor's data in another file. */
final class ExternalData {
  private static final String LOCATION = "location";
  private static final String OFFSET = "offset";
  private static final String LENGTH = "length";

  /** Not among them: ONNX Runtime's prepacked weights, which its kernels do not check. */
  private static final Set<String> KEYS = Set.of(LOCATION, OFFSET, LENGTH, "checksum", "basepath");

  private final Source source;
  private final Map<String, String> entries = new HashMap<>();

  ExternalData(Source source) {
    this.source = source;
  }

  /** Reads a field that is an entry. */
  void entry() throws IOException {
    var texts = new String[] {"", ""};
    source.message(
        number -> {
          switch (number) {
            case StringStringEntryProto.KEY_FIELD_NUMBER -> texts[0] = source.name();
            case StringStringEntryProto.VALUE_FIELD_NUMBER -> texts[1] = source.name();
            default -> source.skip();
          }
        },
        StringStringEntryProto.KEY_FIELD_NUMBER,
        StringStringEntryProto.VALUE_FIELD_NUMBER);
    if (!KEYS.contains(texts[0])) {
      throw source.error("external data have the unknown key " + Printable.quoted(texts[0]));
    }
    if (entries.put(texts[0], texts[1]) != null) {
      throw source.error("external data have '%s' twice".formatted(texts[0]));
    }
  }

  /** Checks that {@code bytes} bytes are in a file of the model's folder. */
  void check(String tensor, long bytes) {
    var file = source.file().resolveSibling(location(tensor));
    long offset = number(tensor, OFFSET).orElse(0L);
    long length = number(tensor, LENGTH).orElse(bytes);
    if (length != bytes) {
      throw source.error(
          "%s needs %s bytes for its shape, and has %s in '%s'"
              .formatted(tensor, bytes, length, file));
    }
    long size = size(tensor, file);
    if (offset > size || length > size - offset) {
      throw source.error(
          "%s ends at byte %s of '%s', which has %s bytes; the file is damaged"
              .formatted(tensor, offset + length, file, size));
    }
  }

  /** The file with the data, relative to the model's folder. */
  Path location(String tensor) {
    String location = entries.getOrDefault(LOCATION, "");
    try {
      var path = Path.of(location).normalize();
      if (!location.isEmpty() && path.getRoot() == null && !path.startsWith("..")) {
        return path;
      }
    } catch (InvalidPathException e) {
      // Reported below, like any other path that leads elsewhere.
    }
    throw source.error(
        "%s is in %s; a model's weights are in its folder"
            .formatted(tensor, Printable.quoted(location)));
  }

  private Optional<Long> number(String tensor, String key) {
    var text = entries.get(key);
    if (text == null) {
      return Optional.empty();
    }
    // 18 digits are more than any file has bytes, and their sums do not overflow.
    if (!text.matches("[0-9]{1,18}")) {
      throw source.error(
          "%s has the %s %s, not a number of bytes".formatted(tensor, key, Printable.quoted(text)));
    }
    return Optional.of(Long.parseLong(text));
  }

  private long size(String tensor, Path file) {
    try {
      PlainFile.check(file);
      return Files.size(file);
    } catch (IOException e) {
      throw source.error("%s is in '%s': %s".formatted(tensor, file, FileErrors.unreadable(e)));
    }
  }
}
