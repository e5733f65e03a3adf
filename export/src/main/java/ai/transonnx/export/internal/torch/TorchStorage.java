package ai.transonnx.export.internal.torch;

import ai.transonnx.export.internal.pickle.PickleException;
import ai.transonnx.export.internal.pickle.PickleValue;
import ai.transonnx.export.weights.Content;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.internal.Printable;
import org.jspecify.annotations.Nullable;

/** The data of one or more tensors. The pickle declares it; the content is set afterwards. */
final class TorchStorage implements PickleValue.LibraryObject {
  private final String key;
  private final ElementType elements;
  private final long count;
  private @Nullable Content content;

  private TorchStorage(String key, ElementType elements, long count) {
    this.key = key;
    this.elements = elements;
    this.count = count;
  }

  /**
   * A storage without content so far.
   *
   * @throws PickleException if its size in bytes overflows
   */
  static TorchStorage checked(String key, ElementType elements, long count) {
    if (count > Long.MAX_VALUE / elements.bytes()) {
      throw new PickleException(
          "storage '%s' has %s elements, too many for any file"
              .formatted(Printable.of(key), count));
    }
    return new TorchStorage(key, elements, count);
  }

  ElementType elements() {
    return elements;
  }

  /** The number of elements. */
  long count() {
    return count;
  }

  /** The size in bytes. */
  long bytes() {
    return count * elements.bytes();
  }

  void setContent(Content bytes) {
    content = bytes;
  }

  /** The bytes, little-endian. */
  Content content() {
    if (content == null) {
      throw new PickleException("its storage '%s' is not in the file".formatted(Printable.of(key)));
    }
    return content;
  }

  @Override
  public String description() {
    return "a storage of %s elements of type %s".formatted(count, elements);
  }
}
