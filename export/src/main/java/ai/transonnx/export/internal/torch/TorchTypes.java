package ai.transonnx.export.internal.torch;

import ai.transonnx.export.internal.pickle.PickleValue;
import ai.transonnx.format.ElementType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** PyTorch's storage classes and element types. */
final class TorchTypes {
  /** A storage class; the elements of an untyped storage are bytes. */
  record StorageClass(String name, ElementType elements) implements PickleValue.LibraryObject {
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

  static Map<String, PickleValue> names() {
    var names = new HashMap<String, PickleValue>();
    STORAGES.forEach(
        (name, elements) ->
            names.put("torch " + name, new StorageClass("torch." + name, elements)));
    for (var module : List.of("torch", "torch.storage")) {
      names.put(
          module + " UntypedStorage",
          new StorageClass(module + ".UntypedStorage", ElementType.UINT8));
    }
    ELEMENTS.forEach(
        (name, elements) ->
            names.put("torch " + name, new ElementClass("torch." + name, elements)));
    return names;
  }
}
