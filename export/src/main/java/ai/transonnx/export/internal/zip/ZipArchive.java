package ai.transonnx.export.internal.zip;

import ai.transonnx.export.internal.weights.ContentStream;
import ai.transonnx.export.internal.weights.Location;
import ai.transonnx.export.internal.weights.MappedFile;
import ai.transonnx.export.internal.weights.TensorFile;
import ai.transonnx.export.weights.Content;
import ai.transonnx.format.internal.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * An open archive. Stored entries are read from the archive itself. A deflated entry is inflated
 * into a temporary file when its bytes are first read, so that it takes no space on the heap.
 */
public final class ZipArchive implements TensorFile.Resource {
  private final Content bytes;
  private final Location location;
  private final Map<String, ZipEntry> entries;
  private final InflationFile inflations;
  private final Runnable closeFile;

  /**
   * Opens an archive, and checks its directory and entries.
   *
   * @param file the archive, which {@link #close} closes
   * @throws ai.transonnx.InputException if it is not a complete, valid archive
   */
  public ZipArchive(MappedFile file) {
    this(file, file.size(), Location.of(file.path()), file::close);
  }

  /**
   * Opens an archive that is a part of a file, which {@link #close} does not close.
   *
   * @param bytes the archive alone
   * @throws ai.transonnx.InputException if it is not a complete, valid archive
   */
  public ZipArchive(Content bytes, long size, Location location) {
    this(bytes, size, location, () -> {});
  }

  private ZipArchive(Content bytes, long size, Location location, Runnable closeFile) {
    this.bytes = bytes;
    this.location = location;
    this.closeFile = closeFile;
    this.inflations = new InflationFile(location);
    this.entries = Collections.unmodifiableMap(ZipEntries.read(bytes, size, location));
  }

  public Location location() {
    return location;
  }

  /** The entries by name, in the archive's order. */
  public Map<String, ZipEntry> entries() {
    return entries;
  }

  /** An entry's bytes. Those of a deflated entry are checked against its checksum. */
  public Content content(ZipEntry entry) {
    return entry.isDeflated() ? new InflatedContent(this, entry, inflations) : stored(entry);
  }

  private Content stored(ZipEntry entry) {
    return bytes.part(entry.offset(), entry.storedBytes());
  }

  /** An entry's bytes as a stream, without a check of the size or the checksum. */
  public InputStream stream(ZipEntry entry) {
    var stored = new ContentStream(stored(entry), entry.storedBytes());
    return entry.isDeflated() ? new Inflating(stored, new Inflater(true)) : stored;
  }

  /**
   * Compares the content of each entry with its checksum.
   *
   * @throws ai.transonnx.InputException if one does not match
   */
  @Override
  public boolean verifyChecksums() {
    for (var entry : entries.values()) {
      var content = content(entry);
      var checksum = new CRC32();
      for (long done = 0; done < entry.bytes(); done += Content.MAX_SLICE) {
        checksum.update(
            content.slice(done, (int) Math.min(Content.MAX_SLICE, entry.bytes() - done)));
      }
      if ((int) checksum.getValue() != entry.checksum()) {
        throw location.error(
            "entry '%s' is damaged: its checksum does not match; copy the file again%s"
                .formatted(
                    Printable.of(entry.name()),
                    entry.checksum() == 0 ? ", unless it was written without checksums" : ""));
      }
    }
    return true;
  }

  /** An inflating stream that frees its inflater's memory when it is closed. */
  private static final class Inflating extends InflaterInputStream {
    Inflating(InputStream stored, Inflater inflater) {
      super(stored, inflater);
    }

    @Override
    public void close() throws IOException {
      super.close();
      inf.end();
    }
  }

  @Override
  public void close() {
    inflations.close();
    closeFile.run();
  }
}
