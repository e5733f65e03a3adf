package ai.transonnx.spark.internal.file;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.PlainFile;
import ai.transonnx.runtime.ModelFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 of files, in lower-case hexadecimal digits. A file is read once in this process, and
 * again if its size or time of modification has changed.
 */
public final class ContentHash {
  private static final int BUFFER_BYTES = 1 << 20;

  private static final ConcurrentMap<Version, String> KNOWN = new ConcurrentHashMap<>();

  private ContentHash() {}

  /** A content of a file that can be told from others without reading it. */
  private record Version(Path path, long size, FileTime modified, @Nullable Object key) {
    static Version of(Path file) throws IOException {
      PlainFile.check(file);
      var real = file.toRealPath();
      var attributes = Files.readAttributes(real, BasicFileAttributes.class);
      return new Version(
          real, attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
    }
  }

  /**
   * The hash of a file.
   *
   * @throws InputException if it cannot be read
   */
  public static String ofFile(Path file) {
    try {
      var version = Version.of(file);
      var known = KNOWN.get(version);
      if (known == null) {
        known = read(file);
        if (!Version.of(file).equals(version)) {
          throw new InputException(file + ": was changed while it was read");
        }
        KNOWN.put(version, known);
      }
      return known;
    } catch (IOException e) {
      throw new InputException(file + ": " + FileErrors.unreadable(e), e);
    }
  }

  /**
   * The hash of a model: that of its file, or of the list of all hashes and names if it has
   * external weights.
   *
   * @throws InputException if a file cannot be read
   * @throws ai.transonnx.runtime.ModelException if the model is damaged
   */
  public static String ofModel(Path model) {
    String own = ofFile(model);
    var weights = ModelFiles.weights(model);
    if (weights.isEmpty()) {
      return own;
    }
    var all = digest();
    all.update(own.getBytes(StandardCharsets.UTF_8));
    for (var file : weights) {
      String line = "\n" + ofFile(model.resolveSibling(file)) + "  " + file;
      all.update(line.getBytes(StandardCharsets.UTF_8));
    }
    return HexFormat.of().formatHex(all.digest());
  }

  private static String read(Path file) throws IOException {
    var digest = digest();
    var buffer = new byte[BUFFER_BYTES];
    try (var stream = PlainFile.stream(file)) {
      for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
