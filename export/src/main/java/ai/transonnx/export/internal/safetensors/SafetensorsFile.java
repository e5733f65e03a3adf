package ai.transonnx.export.internal.safetensors;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.weights.Aliases;
import ai.transonnx.export.internal.weights.MappedFile;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.export.weights.WeightTensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;

/**
 * A file in the safetensors format: the length of the header (8 bytes), the header (JSON), and the
 * tensors' bytes.
 *
 * <p>Opening checks everything that the file declares: the header's length against the format's
 * limit and the file's size, each tensor's {@code data_offsets} against its type and shape, and
 * that the tensors cover the rest of the file without overlaps or gaps.
 *
 * <p>Of tensors that share their elements, {@code safetensors.torch.save_model} writes one; the
 * metadata maps the name of each other one to it.
 */
public final class SafetensorsFile implements WeightFile {
  /** The longest header that the format allows, in bytes. */
  public static final long MAX_HEADER = 100_000_000;

  private static final int LENGTH_BYTES = 8;

  private final MappedFile file;
  private final Map<String, WeightTensor> tensors;
  private final Map<String, String> unusable;
  private final SortedMap<String, String> metadata;

  private SafetensorsFile(MappedFile file) {
    this.file = file;
    long headerLength = headerLength(file);
    var header =
        HeaderParser.parse(file.path(), file.part(LENGTH_BYTES, headerLength), headerLength);
    long dataStart = LENGTH_BYTES + headerLength;
    long dataLength = file.size() - dataStart;
    Layout.check(file.path(), header.entries(), dataLength);
    var stored = Layout.tensors(header.entries(), file, dataStart);
    Aliases.add(stored, header.metadata());
    this.tensors = Collections.unmodifiableMap(stored);
    this.unusable = Collections.unmodifiableMap(Layout.unusable(header.entries()));
    if (stored.isEmpty() && !unusable.isEmpty()) {
      var first = unusable.entrySet().iterator().next();
      throw new InputException(
          "%s: tensor '%s': %s".formatted(file.path(), first.getKey(), first.getValue()));
    }
    this.metadata = Collections.unmodifiableSortedMap(header.metadata());
  }

  /**
   * Opens and checks a file.
   *
   * @throws InputException if it is missing or unreadable, or is not a complete, valid safetensors
   *     file; the message names the file, and the tensor if one is not valid
   */
  public static SafetensorsFile open(Path path) {
    var file = MappedFile.open(path);
    try {
      return new SafetensorsFile(file);
    } catch (Throwable e) {
      file.close();
      throw e;
    }
  }

  private static long headerLength(MappedFile file) {
    if (file.size() < LENGTH_BYTES) {
      throw new InputException(
          "%s: not a safetensors file: it has %s bytes, but the header's length alone takes %s"
              .formatted(file.path(), file.size(), LENGTH_BYTES));
    }
    long length = file.slice(0, LENGTH_BYTES).getLong();
    if (length < 0 || length > MAX_HEADER) {
      throw new InputException(
          "%s: not a safetensors file: it declares a header of %s bytes; the format allows %s"
              .formatted(file.path(), Long.toUnsignedString(length), MAX_HEADER));
    }
    long available = file.size() - LENGTH_BYTES;
    if (length > available) {
      throw new InputException(
          "%s: truncated, or not a safetensors file: it declares a header of %s bytes, but has only %s"
              .formatted(file.path(), length, available));
    }
    return length;
  }

  @Override
  public Path path() {
    return file.path();
  }

  @Override
  public String format() {
    return "safetensors";
  }

  @Override
  public Map<String, WeightTensor> tensors() {
    return tensors;
  }

  @Override
  public Map<String, String> unusable() {
    return unusable;
  }

  @Override
  public SortedMap<String, String> metadata() {
    return metadata;
  }

  @Override
  public void close() {
    file.close();
  }
}
