package ai.transonnx.export.internal.zip;

import ai.transonnx.InputException;
import ai.transonnx.export.weights.Content;
import ai.transonnx.format.internal.Printable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** The bytes of a deflated entry, inflated into a temporary file when they are first read. */
final class InflatedContent implements Content {
  private static final int BLOCK = 1 << 16;

  private final ZipArchive archive;
  private final ZipEntry entry;
  private final InflationFile inflations;
  private @Nullable Content inflated;

  InflatedContent(ZipArchive archive, ZipEntry entry, InflationFile inflations) {
    this.archive = archive;
    this.entry = entry;
    this.inflations = inflations;
  }

  @Override
  public ByteBuffer slice(long offset, int length) {
    return inflated().slice(offset, length);
  }

  @Override
  public void transfer(long offset, long length, FileChannel file) throws IOException {
    inflated().transfer(offset, length, file);
  }

  private synchronized Content inflated() {
    if (inflated == null) {
      inflated = inflate();
    }
    return inflated;
  }

  private Content inflate() {
    var checksum = new CRC32();
    var block = new byte[BLOCK];
    try (var stream = archive.stream(entry)) {
      var writer = inflations.writer(entry.bytes());
      for (int count = stream.read(block); count >= 0; count = stream.read(block)) {
        checksum.update(block, 0, count);
        if (!writer.write(block, count)) {
          throw error("inflates to more than the declared %s bytes".formatted(entry.bytes()));
        }
      }
      if (!writer.isComplete()) {
        throw error("inflates to less than the declared %s bytes".formatted(entry.bytes()));
      }
      if ((int) checksum.getValue() != entry.checksum()) {
        throw error("is damaged: its checksum does not match");
      }
      return writer.content();
    } catch (InflationFile.WriteException e) {
      throw failed("cannot be inflated into a temporary file", e.getCause());
    } catch (IOException e) {
      throw failed("cannot be inflated", e);
    }
  }

  private RuntimeException failed(String problem, IOException cause) {
    return archive.location().failed(ofEntry(problem), cause);
  }

  private InputException error(String problem) {
    return archive.location().error(ofEntry(problem));
  }

  private String ofEntry(String problem) {
    return "entry '%s' %s".formatted(Printable.of(entry.name()), problem);
  }
}
