package ai.transonnx.format.internal.tokenizer;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.PlainFile;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The content of a tokenizer's file, read once, so that the hash is that of the bytes in use. */
public final class TokenizerFile {
  private static final String SUFFIX = ".tokenizer.json";

  /**
   * The largest published tokenizers have some 70 MB; a parsed one takes several times its text.
   */
  private static final int MAX_BYTES =
      (int) Math.min(256 << 20, Runtime.getRuntime().maxMemory() / 8);

  private final Path path;
  private final byte[] content;

  private TokenizerFile(Path path, byte[] content) {
    this.path = path;
    this.content = content;
  }

  /** The file with the tokenizer of a model, {@code MODEL.onnx.tokenizer.json}. */
  public static Path beside(Path model) {
    return model.resolveSibling(model.getFileName() + SUFFIX);
  }

  /**
   * Reads a file of at most 256 MiB, and at most an eighth of the heap.
   *
   * @throws InputException if it cannot be read or is too large; the message names the file
   */
  public static TokenizerFile read(Path path) {
    return read(path, MAX_BYTES);
  }

  static TokenizerFile read(Path path, int most) {
    try (var stream = PlainFile.stream(path)) {
      var content = stream.readNBytes(most + 1);
      if (content.length > most) {
        throw new InputException(
            "%s: too large: a tokenizer may have at most %s bytes here".formatted(path, most));
      }
      return new TokenizerFile(path, content);
    } catch (IOException e) {
      throw new InputException(path + ": " + FileErrors.unreadable(e), e);
    }
  }

  public Path path() {
    return path;
  }

  /** All bytes; not a copy. */
  public byte[] content() {
    return content;
  }

  /** The SHA-256 in lower-case hexadecimal digits. */
  public String sha256() {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
