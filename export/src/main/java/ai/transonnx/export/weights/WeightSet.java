package ai.transonnx.export.weights;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A set of named tensors in a {@link WeightFile}: one of the state dicts of a checkpoint.
 *
 * <p>Threads may share it until its file is closed.
 *
 * @param key the path of keys to the set, joined with dots, such as {@code callbacks.ema.model};
 *     empty for the set at the top level
 * @param tensors the tensors by name, in the file's order; unmodifiable
 * @param unusable the names of entries that are tensors, or may be, and cannot be read; for each
 *     the reason
 */
public record WeightSet(
    String key, Map<String, WeightTensor> tensors, Map<String, String> unusable) {
  public WeightSet {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    unusable = Collections.unmodifiableMap(new LinkedHashMap<>(unusable));
  }
}
