package ai.transonnx.export.internal.torch;

import ai.transonnx.export.internal.pickle.Arguments;
import ai.transonnx.export.internal.pickle.PickleException;
import ai.transonnx.export.internal.pickle.PickleValue;
import ai.transonnx.export.internal.pickle.PickleValue.Bool;
import ai.transonnx.export.internal.pickle.PickleValue.Mapping;
import ai.transonnx.export.internal.pickle.TensorValue;
import ai.transonnx.export.internal.pickle.UnusableTensor;
import ai.transonnx.export.internal.weights.StridedContent;
import ai.transonnx.export.internal.weights.TensorData;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A tensor: a view of a storage. */
final class TorchTensor implements TensorValue {
  private static final int MAX_METADATA = 64;
  private static final int METADATA = 6;
  private static final int TYPE_V3 = 6;
  private static final int METADATA_V3 = 7;

  private final TorchStorage storage;
  private final TensorType type;
  private final long offset;
  private final long[] strides;
  private @Nullable TensorData data;

  private TorchTensor(TorchStorage storage, TensorType type, long offset, long[] strides) {
    this.storage = storage;
    this.type = type;
    this.offset = offset;
    this.strides = strides;
  }

  /** {@code _rebuild_tensor(storage, offset, size, stride, ...)}, also {@code _v2}. */
  static TensorValue of(Arguments arguments) {
    var storage = arguments.value(0, "its storage", TorchStorage.class);
    if (isView(arguments, METADATA)) {
      return new UnusableTensor("a conjugated or negated view of a tensor");
    }
    var elements = storage.type().elements();
    return elements.isEmpty()
        ? ofType(storage.type().type())
        : of(arguments, storage, elements.get());
  }

  /** {@code _rebuild_tensor_v3}, which has the element type of an untyped storage. */
  static TensorValue ofTyped(Arguments arguments) {
    var storage = arguments.value(0, "its storage", TorchStorage.class);
    if (arguments.value(TYPE_V3, "its type") instanceof PickleValue.Global type) {
      return ofType(type.qualifiedName().replaceFirst("^torch\\.", ""));
    }
    var elements = arguments.value(TYPE_V3, "its type", TorchTypes.ElementClass.class).elements();
    return isView(arguments, METADATA_V3)
        ? new UnusableTensor("a conjugated or negated view of a tensor")
        : of(arguments, storage, elements);
  }

  private static UnusableTensor ofType(String type) {
    return new UnusableTensor("a tensor of type " + type);
  }

  /** Whether this is a lazily negated or conjugated tensor, which the metadata marks. */
  private static boolean isView(Arguments arguments, int index) {
    if (arguments.count() <= index
        || !(arguments.value(index, "its metadata") instanceof Mapping metadata)) {
      return false;
    }
    // Tensors may share their metadata, and it is read for each of them.
    if (metadata.entries().size() > MAX_METADATA) {
      throw new PickleException(
          "%s: its metadata has %s entries; at most %s are allowed"
              .formatted(arguments.owner(), metadata.entries().size(), MAX_METADATA));
    }
    return metadata.entries().stream().anyMatch(e -> e.value().equals(new Bool(true)));
  }

  private static TorchTensor of(Arguments arguments, TorchStorage storage, ElementType elements) {
    long offset = arguments.size(1, "its offset");
    var sizes = arguments.sizes(2, "its size");
    var strides = arguments.sizes(3, "its stride");
    if (sizes.length != strides.length) {
      throw new PickleException(
          "%s: it has %s sizes and %s strides"
              .formatted(arguments.owner(), sizes.length, strides.length));
    }
    var type = new TensorType(elements, Shape.of(sizes));
    try {
      long unused = Math.multiplyExact(type.shape().elements(), (long) elements.bytes());
      long extent = StridedContent.extent(offset, sizes, strides);
      long available = storage.bytes() / elements.bytes();
      if (extent > available) {
        throw new PickleException(
            "a tensor %s, from element %s on with strides %s, exceeds the %s elements of its storage"
                .formatted(type, offset, Arrays.toString(strides), available));
      }
    } catch (ArithmeticException e) {
      throw new PickleException(
          "a tensor of shape %s with strides %s is too large for any file"
              .formatted(type.shape(), Arrays.toString(strides)));
    }
    return new TorchTensor(storage, type, offset, strides);
  }

  @Override
  public TensorData data() {
    if (data == null) {
      var content =
          StridedContent.of(
              storage.content(), type.elements().bytes(), offset, type.shape().sizes(), strides);
      data = new TensorData(type, content);
    }
    return data;
  }

  @Override
  public String description() {
    return "a tensor " + type;
  }
}
