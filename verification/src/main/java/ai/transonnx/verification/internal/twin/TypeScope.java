package ai.transonnx.verification.internal.twin;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The types of the values that a graph can use: its own, and those of the graphs around it. */
final class TypeScope {
  private final Map<String, StaticType> types = new HashMap<>();
  private final @Nullable TypeScope outer;

  TypeScope(@Nullable TypeScope outer) {
    this.outer = outer;
  }

  void put(String value, StaticType type) {
    types.put(value, type);
  }

  Optional<StaticType> find(String value) {
    for (TypeScope scope = this; scope != null; scope = scope.outer) {
      var type = scope.types.get(value);
      if (type != null) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** The types of this graph's own values. */
  Map<String, StaticType> own() {
    return types;
  }
}
