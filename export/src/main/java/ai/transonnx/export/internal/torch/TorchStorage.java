package ai.transonnx.export.internal.torch;

import ai.transonnx.export.internal.pickle.PickleException;
import ai.transonnx.export.internal.pickle.PickleValue;
import ai.transonnx.export.weights.Content;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.internal.Printable;
import org.jspecify.annotations.Nullable;

/** The bytes behind one or more tensors. Pickles name them; where they lie is told separately. */
final class TorchStorage implements PickleValue.Built {
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
   * A storage whose bytes are not known yet.
   *
   * @throws PickleException if no file can have so many elements
   */
  static TorchStorage checked(String key, ElementType elements, long count) {
    if (count > Long.MAX_VALUE / elements.bytes()) {
      throw new PickleException(
          "storage '%s' is to have %s elements".formatted(Printable.of(key), count));
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

  void lieIn(Content bytes) {
    content = bytes;
  }

  /** The bytes, little-endian. */
  Content content() {
    if (content == null) {
      throw new PickleException("the file lacks its storage '%s'".formatted(Printable.of(key)));
    }
    return content;
  }

  @Override
  public String kind() {
    return "a storage of %s elements of type %s".formatted(count, elements);
  }
}
