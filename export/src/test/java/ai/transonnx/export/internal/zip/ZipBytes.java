package ai.transonnx.export.internal.zip;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes zip archives, and damages them. */
public final class ZipBytes {
  /** The signature of a local header. */
  public static final int LOCAL = 0x04034b50;

  /** The signature of a directory entry. */
  public static final int CENTRAL = 0x02014b50;

  /** The signature of the end record. */
  public static final int END = 0x06054b50;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final ZipOutputStream zip = new ZipOutputStream(bytes);

  /** Adds a stored entry. */
  public ZipBytes add(String name, byte[] content) {
    var checksum = new CRC32();
    checksum.update(content);
    var entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(checksum.getValue());
    return add(entry, content);
  }

  /** Adds a deflated entry with its sizes after its data, as in a streamed archive. */
  public ZipBytes addDeflated(String name, byte[] content) {
    return add(new ZipEntry(name), content);
  }

  private ZipBytes add(ZipEntry entry, byte[] content) {
    entry.setTimeLocal(LocalDateTime.of(2000, 1, 1, 0, 0));
    try {
      zip.putNextEntry(entry);
      zip.write(content);
      zip.closeEntry();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** The archive. */
  public byte[] toByteArray() {
    try {
      zip.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * A copy with another number in the last record with a signature.
   *
   * @param field the offset in the record
   * @param width the size of the number in bytes
   */
  public static byte[] damaged(byte[] zip, int signature, int field, int width, long number) {
    var copy = zip.clone();
    var buffer = ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN);
    int record = copy.length - Integer.BYTES;
    while (buffer.getInt(record) != signature) {
      record--;
    }
    for (int i = 0; i < width; i++) {
      copy[record + field + i] = (byte) (number >>> (Byte.SIZE * i));
    }
    return copy;
  }

  /** A copy with all occurrences of a string replaced by another of the same length. */
  public static byte[] replaced(byte[] zip, String text, String other) {
    var latin1 = StandardCharsets.ISO_8859_1;
    return new String(zip, latin1).replace(text, other).getBytes(latin1);
  }
}
