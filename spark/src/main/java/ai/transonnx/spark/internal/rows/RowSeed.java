package ai.transonnx.spark.internal.rows;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Derives the seed of a row from its content, so that no order or partition has an effect. */
final class RowSeed {
  private RowSeed() {}

  /**
   * The first 8 bytes of the SHA-256 of a seed and a key.
   *
   * @param seed that of all rows
   * @param key what tells rows apart
   */
  static long of(long seed, String key) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(ByteBuffer.allocate(Long.BYTES).putLong(seed).array());
      return ByteBuffer.wrap(digest.digest(key.getBytes(StandardCharsets.UTF_8))).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
