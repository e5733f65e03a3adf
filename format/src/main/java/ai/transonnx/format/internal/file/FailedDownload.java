package ai.transonnx.format.internal.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Recognizes the files that failed downloads leave. */
public final class FailedDownload {
  private static final int START = 512;
  private static final String LFS_POINTER = "version https://git-lfs.github.com/spec/";

  private FailedDownload() {}

  /**
   * The kind of a file of an unknown format, for the message that refuses it; empty if its start is
   * neither a page nor a pointer, or cannot be read.
   */
  public static Optional<String> describe(Path file) {
    String start;
    try (var content = PlainFile.stream(file)) {
      start = new String(content.readNBytes(START), ISO_8859_1);
    } catch (IOException e) {
      return Optional.empty();
    }
    if (start.startsWith(LFS_POINTER)) {
      return Optional.of(
          "this is a pointer of Git LFS, not the file itself; fetch the file with 'git lfs pull'");
    }
    String markup = withoutByteOrderMark(start).strip().toLowerCase(Locale.ROOT);
    return Stream.of("<!doctype html", "<html", "<head", "<?xml").anyMatch(markup::startsWith)
        ? Optional.of("this is a web page, not the file itself; download the file again")
        : Optional.empty();
  }

  private static String withoutByteOrderMark(String latin1) {
    return latin1.startsWith("\u00ef\u00bb\u00bf") ? latin1.substring(3) : latin1;
  }
}
