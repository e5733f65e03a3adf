package ai.transonnx.export.internal.torch;

import ai.transonnx.export.internal.pickle.PickleValue;
import ai.transonnx.format.ElementType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** PyTorch's storage classes and element types. */
final class TorchTypes {
  /**
   * A storage class; the elements of an untyped storage are bytes.
   *
   * @param type the name of the element type
   * @param elements the element type; empty if it is not supported
   */
  record StorageClass(String name, String type, int elementBytes, Optional<ElementType> elements)
      implements PickleValue.LibraryObject {
    private static StorageClass of(String name, ElementType elements) {
      return new StorageClass(name, elements.toString(), elements.bytes(), Optional.of(elements));
    }

    @Override
    public String description() {
      return "the global " + name;
    }
  }

  /** An element type, such as {@code torch.float32}. */
  record ElementClass(String name, ElementType elements) implements PickleValue.LibraryObject {
    @Override
    public String description() {
      return "the type " + name;
    }
  }

  private static final Map<String, ElementType> STORAGES =
      Map.ofEntries(
          Map.entry("DoubleStorage", ElementType.FLOAT64),
          Map.entry("FloatStorage", ElementType.FLOAT32),
          Map.entry("HalfStorage", ElementType.FLOAT16),
          Map.entry("BFloat16Storage", ElementType.BFLOAT16),
          Map.entry("LongStorage", ElementType.INT64),
          Map.entry("IntStorage", ElementType.INT32),
          Map.entry("ShortStorage", ElementType.INT16),
          Map.entry("CharStorage", ElementType.INT8),
          Map.entry("ByteStorage", ElementType.UINT8),
          Map.entry("BoolStorage", ElementType.BOOL));

  /** Storage classes whose elements are not supported. */
  private static final List<StorageClass> UNUSABLE =
      List.of(
          unusable("ComplexDoubleStorage", "complex128", 16),
          unusable("ComplexFloatStorage", "complex64", 8),
          unusable("QInt8Storage", "qint8", 1),
          unusable("QUInt8Storage", "quint8", 1),
          unusable("QInt32Storage", "qint32", 4),
          unusable("QUInt4x2Storage", "quint4x2", 1),
          unusable("QUInt2x4Storage", "quint2x4", 1));

  private static final Map<String, ElementType> ELEMENTS =
      Map.ofEntries(
          Map.entry("float64", ElementType.FLOAT64),
          Map.entry("double", ElementType.FLOAT64),
          Map.entry("float32", ElementType.FLOAT32),
          Map.entry("float", ElementType.FLOAT32),
          Map.entry("float16", ElementType.FLOAT16),
          Map.entry("half", ElementType.FLOAT16),
          Map.entry("bfloat16", ElementType.BFLOAT16),
          Map.entry("int64", ElementType.INT64),
          Map.entry("long", ElementType.INT64),
          Map.entry("int32", ElementType.INT32),
          Map.entry("int", ElementType.INT32),
          Map.entry("int16", ElementType.INT16),
          Map.entry("short", ElementType.INT16),
          Map.entry("int8", ElementType.INT8),
          Map.entry("uint64", ElementType.UINT64),
          Map.entry("uint32", ElementType.UINT32),
          Map.entry("uint16", ElementType.UINT16),
          Map.entry("uint8", ElementType.UINT8),
          Map.entry("bool", ElementType.BOOL));

  private TorchTypes() {}

  private static StorageClass unusable(String name, String type, int elementBytes) {
    return new StorageClass("torch." + name, type, elementBytes, Optional.empty());
  }

  static Map<String, PickleValue> names() {
    var names = new HashMap<String, PickleValue>();
    STORAGES.forEach(
        (name, elements) -> names.put("torch " + name, StorageClass.of("torch." + name, elements)));
    UNUSABLE.forEach(storage -> names.put(storage.name().replace('.', ' '), storage));
    for (var module : List.of("torch", "torch.storage")) {
      names.put(
          module + " UntypedStorage",
          StorageClass.of(module + ".UntypedStorage", ElementType.UINT8));
    }
    ELEMENTS.forEach(
        (name, elements) ->
            names.put("torch " + name, new ElementClass("torch." + name, elements)));
    return names;
  }
}
