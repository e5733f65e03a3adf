package ai.transonnx.export.internal.zip;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.weights.Location;
import ai.transonnx.export.weights.Content;
import ai.transonnx.format.internal.Printable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads an archive's central directory and checks each entry against the rest of the archive. */
final class ZipEntries {
  private static final int SIGNATURE = 0x02014b50;
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int LOCAL_BYTES = 30;
  private static final int ENCRYPTED = 1;
  private static final int ZIP64_EXTRA = 1;
  private static final long IN_EXTRA = 0xffffffffL;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;

  /** The highest compression ratio of deflate. */
  private static final long MAX_RATIO = 1032;

  /** Bytes of an entry that are not subject to the ratio. */
  private static final long RATIO_SLACK = 64;

  private final Content file;
  private final Location location;
  private final ZipDirectory directory;

  private ZipEntries(Content file, Location location, ZipDirectory directory) {
    this.file = file;
    this.location = location;
    this.directory = directory;
  }

  /** The entries by name, in the archive's order, without folders. */
  static Map<String, ZipEntry> read(Content file, long size, Location location) {
    return new ZipEntries(file, location, ZipDirectory.find(file, size, location)).read();
  }

  private Map<String, ZipEntry> read() {
    var entries = new LinkedHashMap<String, ZipEntry>();
    long position = directory.offset();
    for (long i = 0; i < directory.entries(); i++) {
      require(position, ZipDirectory.ENTRY_BYTES);
      var header = file.slice(position, ZipDirectory.ENTRY_BYTES);
      if (header.getInt(0) != SIGNATURE) {
        throw location.error("the zip archive's directory has no entry at " + position);
      }
      int nameBytes = Short.toUnsignedInt(header.getShort(28));
      int extraBytes = Short.toUnsignedInt(header.getShort(30));
      int commentBytes = Short.toUnsignedInt(header.getShort(32));
      int variable = nameBytes + extraBytes + commentBytes;
      require(position + ZipDirectory.ENTRY_BYTES, variable);
      var rest = file.slice(position + ZipDirectory.ENTRY_BYTES, variable);
      var name = new byte[nameBytes];
      rest.get(name);
      var extra = rest.slice(nameBytes, extraBytes).order(ByteOrder.LITTLE_ENDIAN);
      var entry = entry(header, name, extra);
      if (!entry.name().endsWith("/") && entries.put(entry.name(), entry) != null) {
        throw error(entry.name(), "occurs twice in the archive");
      }
      position += ZipDirectory.ENTRY_BYTES + variable;
    }
    checkOverlaps(new ArrayList<>(entries.values()));
    return entries;
  }

  private void require(long position, long count) {
    if (count > directory.end() - position) {
      throw location.error("the zip archive's directory ends within an entry");
    }
  }

  private ZipEntry entry(ByteBuffer header, byte[] nameBytes, ByteBuffer extra) {
    String name = new String(nameBytes, StandardCharsets.UTF_8);
    checkName(name);
    int flags = header.getShort(8);
    int method = Short.toUnsignedInt(header.getShort(10));
    if ((flags & ENCRYPTED) != 0) {
      throw error(name, "is encrypted; store it without a password");
    }
    if (method != STORED && method != DEFLATED) {
      throw error(
          name,
          "is compressed by method %s; only stored and deflated entries are supported"
              .formatted(method));
    }
    var sizes = new long[] {unsigned(header, 24), unsigned(header, 20), unsigned(header, 42)};
    wide(name, sizes, extra);
    long size = sizes[0];
    long stored = sizes[1];
    long local = sizes[2];
    if (method == STORED && size != stored) {
      throw error(
          name, "is stored uncompressed, but has %s bytes instead of %s".formatted(stored, size));
    }
    if (size / MAX_RATIO > stored + RATIO_SLACK) {
      throw error(
          name,
          "claims to inflate from %s bytes to %s, more than deflate can compress"
              .formatted(stored, size));
    }
    return new ZipEntry(
        name,
        method == DEFLATED,
        header.getInt(16),
        data(name, nameBytes, method, local, stored),
        stored,
        size);
  }

  private static long unsigned(ByteBuffer header, int at) {
    return Integer.toUnsignedLong(header.getInt(at));
  }

  /** Names are not used as file names, but an invalid one is the sign of a hostile archive. */
  private void checkName(String name) {
    if (name.isEmpty()
        || name.startsWith("/")
        || name.contains("\\")
        || name.chars().anyMatch(Character::isISOControl)
        || Arrays.asList(name.split("/", -1)).contains("..")) {
      throw error(name, "has an invalid name");
    }
  }

  /** Reads sizes and offsets that do not fit 32 bits from the extra field. */
  private void wide(String name, long[] sizes, ByteBuffer extra) {
    if (sizes[0] != IN_EXTRA && sizes[1] != IN_EXTRA && sizes[2] != IN_EXTRA) {
      return;
    }
    while (extra.remaining() >= 4) {
      int id = Short.toUnsignedInt(extra.getShort());
      int length = Short.toUnsignedInt(extra.getShort());
      if (length > extra.remaining()) {
        break;
      }
      int next = extra.position() + length;
      if (id == ZIP64_EXTRA) {
        for (int i = 0; i < sizes.length; i++) {
          if (sizes[i] == IN_EXTRA) {
            if (next - extra.position() < Long.BYTES) {
              throw error(name, "has too few 64-bit sizes");
            }
            sizes[i] = extra.getLong();
            if (sizes[i] < 0) {
              throw error(name, "has a size of " + Long.toUnsignedString(sizes[i]));
            }
          }
        }
        return;
      }
      extra.position(next);
    }
    throw error(name, "has no 64-bit sizes");
  }

  /** The start of the entry's bytes, after its local header, which must match the directory. */
  private long data(String name, byte[] nameBytes, int method, long local, long stored) {
    if (local > directory.offset() - LOCAL_BYTES) {
      throw error(name, "starts at %s, outside the archive".formatted(local));
    }
    var header = file.slice(local, LOCAL_BYTES);
    if (header.getInt(0) != LOCAL_SIGNATURE) {
      throw error(name, "starts at %s, but no entry is there".formatted(local));
    }
    int ownNameBytes = Short.toUnsignedInt(header.getShort(26));
    int extraBytes = Short.toUnsignedInt(header.getShort(28));
    long data = local + LOCAL_BYTES + ownNameBytes + extraBytes;
    if (data > directory.offset() || stored > directory.offset() - data) {
      throw error(
          name,
          "has %s bytes at %s, beyond the end of the archive's data; it is truncated"
              .formatted(stored, data));
    }
    var ownName = new byte[ownNameBytes];
    file.slice(local + LOCAL_BYTES, ownNameBytes).get(ownName);
    if (!Arrays.equals(ownName, nameBytes) || Short.toUnsignedInt(header.getShort(8)) != method) {
      throw error(name, "has a local header that differs from the directory");
    }
    return data;
  }

  private void checkOverlaps(List<ZipEntry> entries) {
    entries.sort(Comparator.comparingLong(ZipEntry::offset).thenComparing(ZipEntry::storedBytes));
    for (int i = 1; i < entries.size(); i++) {
      var before = entries.get(i - 1);
      var entry = entries.get(i);
      if (entry.offset() < before.offset() + before.storedBytes()) {
        throw error(entry.name(), "overlaps '%s'".formatted(Printable.of(before.name())));
      }
    }
  }

  private InputException error(String name, String problem) {
    return location.error("entry '%s' %s".formatted(Printable.of(name), problem));
  }
}
