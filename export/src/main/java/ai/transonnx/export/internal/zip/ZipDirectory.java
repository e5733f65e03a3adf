package ai.transonnx.export.internal.zip;

import ai.transonnx.export.internal.weights.Location;
import ai.transonnx.export.weights.Content;
import java.nio.ByteBuffer;

/**
 * The position of an archive's central directory, as the end record has it, or the ZIP64 end record
 * of archives above 4 GiB.
 *
 * @param offset the start of the directory
 * @param end the end of the directory
 * @param entries the number of entries
 */
record ZipDirectory(long offset, long end, long entries) {
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int LOCATOR_SIGNATURE = 0x07064b50;
  private static final int LOCATOR_BYTES = 20;
  private static final int END64_SIGNATURE = 0x06064b50;
  private static final int END64_BYTES = 56;
  private static final int MAX_COMMENT = 0xffff;
  private static final long MAX_ENTRIES = 200_000;

  /** The smallest size of an entry in the directory. */
  static final int ENTRY_BYTES = 46;

  static ZipDirectory find(Content file, long size, Location location) {
    int tail = (int) Math.min(size, END_BYTES + MAX_COMMENT);
    var bytes = file.slice(size - tail, tail);
    for (int at = tail - END_BYTES; at >= 0; at--) {
      if (bytes.getInt(at) == END_SIGNATURE
          && Short.toUnsignedInt(bytes.getShort(at + 20)) == tail - at - END_BYTES) {
        return at(
            file, size - tail + at, bytes.slice(at, END_BYTES).order(bytes.order()), location);
      }
    }
    throw location.error(
        "the zip archive has no directory at its end; it is truncated, copy it again");
  }

  private static ZipDirectory at(Content file, long position, ByteBuffer end, Location location) {
    long disk = Short.toUnsignedLong(end.getShort(4)) | Short.toUnsignedLong(end.getShort(6));
    long entries = Short.toUnsignedLong(end.getShort(10));
    long bytes = Integer.toUnsignedLong(end.getInt(12));
    long offset = Integer.toUnsignedLong(end.getInt(16));
    long limit = position;
    if (position >= LOCATOR_BYTES) {
      var locator = file.slice(position - LOCATOR_BYTES, LOCATOR_BYTES);
      if (locator.getInt(0) == LOCATOR_SIGNATURE) {
        long end64 = locator.getLong(8);
        if (end64 < 0 || end64 > position - LOCATOR_BYTES - END64_BYTES) {
          throw location.error(
              "the zip archive's ZIP64 record is at %s, outside the file"
                  .formatted(Long.toUnsignedString(end64)));
        }
        var record = file.slice(end64, END64_BYTES);
        if (record.getInt(0) != END64_SIGNATURE) {
          throw location.error("the zip archive has no ZIP64 record at %s".formatted(end64));
        }
        disk = record.getInt(16) | record.getInt(20);
        entries = record.getLong(32);
        bytes = record.getLong(40);
        offset = record.getLong(48);
        limit = end64;
      }
    }
    if (disk != 0) {
      throw location.error("the zip archive is one part of several; join them first");
    }
    if (offset < 0 || bytes < 0 || offset > limit || bytes > limit - offset) {
      throw location.error(
          "the zip archive's directory of %s bytes at %s is outside the file"
              .formatted(Long.toUnsignedString(bytes), Long.toUnsignedString(offset)));
    }
    if (entries < 0 || entries > Math.min(MAX_ENTRIES, bytes / ENTRY_BYTES)) {
      throw location.error(
          "the zip archive has %s entries, but its directory has space for %s, and at most %s are allowed"
              .formatted(Long.toUnsignedString(entries), bytes / ENTRY_BYTES, MAX_ENTRIES));
    }
    return new ZipDirectory(offset, offset + bytes, entries);
  }
}
