package ai.transonnx.export.internal.binding;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Reads the names of a checkpoint as a prefix and a name of the model.
 *
 * <p>Wrappers of submodules add segments within names, such as {@code
 * attn_layers._orig_mod.layers}. A segment that no name of the model has is skipped, unless it is
 * the last, which is the parameter's own name.
 */
final class NameScan {
  private NameScan() {}

  /**
   * One way to read a name.
   *
   * @param prefix the part before the name of the model
   * @param name the name of the model
   * @param wrappers the segments that were skipped
   */
  record Reading(String prefix, String name, Set<String> wrappers) {}

  /** Receives the readings of a name, those with the longest prefix first. */
  @FunctionalInterface
  interface Readings {
    void accept(Reading reading);
  }

  /** Reads a name from its end, in time that grows with its length. */
  static void read(String name, WantedTensors wanted, Readings readings) {
    var suffix = new StringBuilder();
    var skipped = new LinkedHashSet<String>();
    var wrappers = Set.<String>of();
    for (int end = name.length(); end >= 0 && suffix.length() <= wanted.longest(); ) {
      int start = name.lastIndexOf('.', end - 1) + 1;
      String segment = name.substring(start, end);
      if (wanted.hasSegment(segment)) {
        if (skipped.size() > wrappers.size()) {
          wrappers = Set.copyOf(skipped);
        }
        suffix.insert(0, suffix.isEmpty() ? segment : segment + '.');
        String read = suffix.toString();
        if (wanted.named(read).isPresent()) {
          readings.accept(new Reading(name.substring(0, start), read, wrappers));
        }
      } else if (suffix.isEmpty()) {
        return;
      } else {
        skipped.add(segment);
      }
      end = start - 1;
    }
  }

  /** A name without the segments of wrappers; the last segment stays. */
  static String without(Set<String> wrappers, String name) {
    if (wrappers.isEmpty()) {
      return name;
    }
    var kept = new StringBuilder();
    int last = name.lastIndexOf('.') + 1;
    for (int start = 0; start < last; ) {
      int end = name.indexOf('.', start) + 1;
      if (!wrappers.contains(name.substring(start, end - 1))) {
        kept.append(name, start, end);
      }
      start = end;
    }
    return kept.append(name, last, name.length()).toString();
  }
}
