package ai.transonnx.export.internal.torch;

import ai.transonnx.export.internal.pickle.Arguments;
import ai.transonnx.export.internal.pickle.PickleException;
import ai.transonnx.export.internal.pickle.PickleValue;
import ai.transonnx.export.internal.pickle.PickleValue.None;
import ai.transonnx.export.internal.pickle.PickleValue.Tuple;
import ai.transonnx.format.internal.Printable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The storages of a checkpoint. Their persistent ID is {@code ('storage', class, key, device,
 * count)}, and in the legacy format a sixth item, the view: {@code None} since PyTorch 0.4, before
 * also {@code (key, offset, count)}.
 */
final class TorchStorages {
  private static final int VIEW = 5;

  private final Map<String, TorchStorage> storages = new LinkedHashMap<>();

  /** The storages that were loaded, by their keys. */
  Map<String, TorchStorage> byKey() {
    return storages;
  }

  /**
   * The object with a persistent ID: a storage, the same object for the same key. The legacy format
   * has the classes of modules as {@code ('module', class, file, source)}, which is the class.
   *
   * @throws PickleException if it is neither
   */
  PickleValue load(PickleValue id) {
    var parts = new Arguments("a storage", id instanceof Tuple tuple ? tuple.items() : List.of(id));
    return switch (parts.text(0, "its kind")) {
      case "storage" -> storage(parts);
      case "module" -> parts.value(1, "its class");
      default -> throw parts.invalid(0, "its kind");
    };
  }

  private TorchStorage storage(Arguments parts) {
    var type = parts.value(1, "its class", TorchTypes.StorageClass.class);
    String key = parts.text(2, "its key");
    String device = parts.text(3, "its device");
    long count = parts.size(4, "its count");
    if (device.equals("meta")) {
      throw new PickleException(
          "storage '%s' is on the device 'meta', which has no data".formatted(Printable.of(key)));
    }
    if (parts.count() > VIEW && !(parts.value(VIEW, "its view") instanceof None)) {
      throw new PickleException(
          "storage '%s' is a view, as written by PyTorch before 0.4; load it and save it again"
              .formatted(Printable.of(key)));
    }
    var storage = storages.computeIfAbsent(key, k -> TorchStorage.checked(k, type, count));
    if (!storage.type().type().equals(type.type()) || storage.count() != count) {
      throw new PickleException(
          "storage '%s' occurs with different types or sizes".formatted(Printable.of(key)));
    }
    return storage;
  }
}
