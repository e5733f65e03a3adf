package ai.transonnx.export.internal.pickle;

import java.util.ArrayDeque;
import java.util.Optional;

/**
 * The keys that lead to a value within a checkpoint. The keys of a dictionary, the attributes of an
 * object and the indices of a list are joined with dots.
 *
 * @param depth the number of keys
 * @param length the length as a text
 */
record KeyPath(Optional<KeyPath> parent, String name, int depth, int length) {
  static final KeyPath TOP = new KeyPath(Optional.empty(), "", 0, 0);

  /** The path to a value within this one. */
  KeyPath to(String key) {
    int dot = depth == 0 ? 0 : 1;
    return new KeyPath(Optional.of(this), key, depth + 1, length + dot + key.length());
  }

  @Override
  public String toString() {
    var names = new ArrayDeque<String>(depth);
    for (var path = this; path.parent.isPresent(); path = path.parent.get()) {
      names.addFirst(path.name);
    }
    return String.join(".", names);
  }
}
