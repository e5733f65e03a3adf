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
 * The storages that a pickle names: {@code ('storage', class, key, device, count)}, and in old
 * files a view, {@code None} or {@code (key, offset, count)}, of which only the former was written
 * since PyTorch 0.4.
 */
final class StorageIds {
  private static final int VIEW = 5;

  private final Map<String, TorchStorage> storages = new LinkedHashMap<>();

  /** All storages that were named, by their keys. */
  Map<String, TorchStorage> storages() {
    return storages;
  }

  /** The storage of an identity: the same for the same key. */
  TorchStorage storage(PickleValue id) {
    var parts = new Arguments("a storage", id instanceof Tuple tuple ? tuple.items() : List.of(id));
    if (!parts.text(0, "its kind").equals("storage")) {
      throw parts.wrong(0, "its kind");
    }
    var elements = parts.value(1, "its class", TorchTypes.StorageClass.class).elements();
    String key = parts.text(2, "its key");
    String device = parts.text(3, "its device");
    long count = parts.size(4, "its count");
    if (device.equals("meta")) {
      throw new PickleException(
          "storage '%s' is on the device 'meta', which has no data".formatted(Printable.of(key)));
    }
    if (parts.count() > VIEW && !(parts.value(VIEW, "its view") instanceof None)) {
      throw new PickleException(
          "storage '%s' is a view, as only PyTorch before 0.4 wrote; load and save it anew"
              .formatted(Printable.of(key)));
    }
    var storage = storages.computeIfAbsent(key, k -> TorchStorage.checked(k, elements, count));
    if (storage.elements() != elements || storage.count() != count) {
      throw new PickleException(
          "storage '%s' is named with different types or sizes".formatted(Printable.of(key)));
    }
    return storage;
  }
}
