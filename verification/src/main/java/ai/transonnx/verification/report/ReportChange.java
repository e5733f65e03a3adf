package ai.transonnx.verification.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A fact that differs between two reports. Immutable, so threads may share it.
 *
 * @param name of the fact, such as {@code version} or {@code SHA-256 of the model}
 * @param before null if the earlier report does not have it
 * @param after null if the later report does not have it
 */
public record ReportChange(String name, @Nullable String before, @Nullable String after) {
  /** The facts that differ. */
  static List<ReportChange> between(Map<String, String> before, Map<String, String> after) {
    var names = new LinkedHashSet<>(after.keySet());
    names.addAll(before.keySet());
    var changes = new ArrayList<ReportChange>();
    for (var name : names) {
      var change = new ReportChange(name, before.get(name), after.get(name));
      if (!Objects.equals(change.before(), change.after())) {
        changes.add(change);
      }
    }
    return changes;
  }

  /** One line, such as {@code version: 1.29.0 -> 1.30.0}. */
  @Override
  public String toString() {
    return "%s: %s -> %s"
        .formatted(name, before == null ? "none" : before, after == null ? "none" : after);
  }
}
