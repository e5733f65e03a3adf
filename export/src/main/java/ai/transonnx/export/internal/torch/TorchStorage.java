package ai.transonnx.export.internal.torch;

import ai.transonnx.export.internal.pickle.PickleException;
import ai.transonnx.export.internal.pickle.PickleValue;
import ai.transonnx.export.internal.torch.TorchTypes.StorageClass;
import ai.transonnx.export.weights.Content;
import ai.transonnx.format.internal.Printable;
import org.jspecify.annotations.Nullable;

/** The data of one or more tensors. The pickle declares it; the content is set afterwards. */
final class TorchStorage implements PickleValue.LibraryObject {
  private final StorageClass type;
  private final long count;
  private @Nullable Content content;
  private String problem;

  private TorchStorage(String key, StorageClass type, long count) {
    this.type = type;
    this.count = count;
    this.problem = "its storage '%s' is not in the file".formatted(Printable.of(key));
  }

  /**
   * A storage without content so far.
   *
   * @throws PickleException if its size in bytes overflows
   */
  static TorchStorage checked(String key, StorageClass type, long count) {
    if (count > Long.MAX_VALUE / type.elementBytes()) {
      throw new PickleException(
          "storage '%s' has %s elements, too many for any file"
              .formatted(Printable.of(key), count));
    }
    return new TorchStorage(key, type, count);
  }

  StorageClass type() {
    return type;
  }

  /** The number of elements. */
  long count() {
    return count;
  }

  /** The size in bytes. */
  long bytes() {
    return count * type.elementBytes();
  }

  void setContent(Content bytes) {
    content = bytes;
  }

  /** Sets the reason for which the storage has no content. */
  void setProblem(String reason) {
    problem = reason;
  }

  /**
   * The bytes, little-endian.
   *
   * @throws PickleException if there are none; the message is the reason
   */
  Content content() {
    if (content == null) {
      throw new PickleException(problem);
    }
    return content;
  }

  @Override
  public String description() {
    return "a storage of %s elements of type %s".formatted(count, type.type());
  }
}
