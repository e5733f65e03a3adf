package ai.transonnx.export.internal.binding;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the names of a checkpoint are assigned to those of a model.
 *
 * @param unused names of tensors that the checkpoint may have and the model does not use; {@code *}
 *     in a name matches any characters
 * @param shared the other names of shared tensors, by the name in the model
 * @param prefix the prefix of the names in the checkpoint; empty to find it
 */
public record NameRules(
    Collection<String> unused, Map<String, List<String>> shared, Optional<String> prefix) {
  public NameRules {
    unused = List.copyOf(unused);
    shared = Map.copyOf(shared);
  }

  /** Rules for names that are unused, without shared tensors, for any prefix. */
  public static NameRules unused(Collection<String> names) {
    return new NameRules(names, Map.of(), Optional.empty());
  }

  /** These rules for a model with shared tensors. */
  public NameRules withShared(Map<String, List<String>> names) {
    return new NameRules(unused, names, prefix);
  }

  /** These rules for a single prefix. */
  public NameRules withPrefix(Optional<String> only) {
    return new NameRules(unused, shared, only);
  }
}
