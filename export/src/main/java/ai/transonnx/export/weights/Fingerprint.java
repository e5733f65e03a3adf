package ai.transonnx.export.weights;

import ai.transonnx.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The SHA-256 of a file, computed on a thread of its own.
 *
 * <p>No part of an export takes longer, and nothing else depends on it: start it as soon as the
 * file's name is known.
 */
public final class Fingerprint {
  /** The length of {@link #hex}. */
  public static final int HEX_LENGTH = 64;

  private static final int BLOCK = 64 << 10;

  private final Path path;
  private final CompletableFuture<String> result = new CompletableFuture<>();

  private Fingerprint(Path path) {
    this.path = path;
  }

  /**
   * Begins to read the file. The thread does not keep the JVM alive.
   *
   * @throws InputException if the file is missing, a directory, or not readable
   */
  public static Fingerprint start(Path path) {
    var fingerprint = new Fingerprint(path);
    var channel = MappedFile.openChannel(path);
    var thread =
        new Thread(
            () -> {
              try (channel) {
                fingerprint.result.complete(digest(channel));
              } catch (IOException e) {
                fingerprint.result.completeExceptionally(MappedFile.unreadable(path, e));
              } catch (Throwable e) {
                fingerprint.result.completeExceptionally(e);
              }
            },
            "fingerprint");
    thread.setDaemon(true);
    thread.start();
    return fingerprint;
  }

  private static String digest(FileChannel channel) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    // Through an array: the digest's own way through a direct buffer goes 4 KiB at a time.
    var direct = ByteBuffer.allocateDirect(BLOCK);
    var block = new byte[BLOCK];
    while (channel.read(direct.clear()) >= 0) {
      int length = direct.flip().remaining();
      direct.get(block, 0, length);
      digest.update(block, 0, length);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The file whose fingerprint this is. */
  public Path path() {
    return path;
  }

  /**
   * The SHA-256 in lower-case hexadecimal digits; waits until it is there.
   *
   * @throws InputException if the file could not be read to its end
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
