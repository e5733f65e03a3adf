package ai.transonnx.export.weights;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.weights.MappedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The SHA-256 of one file or of several concatenated files, computed on its own thread.
 *
 * <p>Its computation takes longer than any other part of an export, so start it early.
 *
 * <p>Threads may share it.
 */
public final class Fingerprint {
  /** The length of {@link #hex}. */
  public static final int HEX_LENGTH = 64;

  private static final int BLOCK = 64 << 10;

  private final List<Path> files;
  private final CompletableFuture<String> result = new CompletableFuture<>();

  private Fingerprint(List<Path> files) {
    this.files = List.copyOf(files);
  }

  /**
   * Starts to read a file.
   *
   * @throws InputException if the file is missing, a directory, or not readable
   */
  public static Fingerprint start(Path path) {
    return start(List.of(path));
  }

  /**
   * Starts to read files. The thread does not keep the JVM alive.
   *
   * @throws InputException if the first file is missing, a directory, or not readable
   */
  public static Fingerprint start(List<Path> files) {
    var fingerprint = new Fingerprint(files);
    var first = MappedFile.openChannel(files.get(0));
    var thread =
        new Thread(
            () -> {
              try (first) {
                fingerprint.result.complete(fingerprint.digest(first));
              } catch (IOException e) {
                fingerprint.result.completeExceptionally(MappedFile.unreadable(files.get(0), e));
              } catch (Throwable e) {
                fingerprint.result.completeExceptionally(e);
              }
            },
            "fingerprint");
    thread.setDaemon(true);
    thread.start();
    return fingerprint;
  }

  private String digest(FileChannel first) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    update(digest, first);
    for (var file : files.subList(1, files.size())) {
      try (var channel = MappedFile.openChannel(file)) {
        update(digest, channel);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void update(MessageDigest digest, FileChannel channel) throws IOException {
    // Copied into an array, since digests read a direct buffer more slowly, in pieces of 4 KiB.
    var direct = ByteBuffer.allocateDirect(BLOCK);
    var block = new byte[BLOCK];
    while (channel.read(direct.clear()) >= 0) {
      int length = direct.flip().remaining();
      direct.get(block, 0, length);
      digest.update(block, 0, length);
    }
  }

  /** The files, in order. */
  public List<Path> files() {
    return files;
  }

  /**
   * The SHA-256 in lower-case hexadecimal digits; waits until it is computed.
   *
   * @throws InputException if a file could not be read to its end
   */
  public String hex() {
    try {
      return result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof InputException problem) {
        throw problem;
      }
      throw e;
    }
  }
}
