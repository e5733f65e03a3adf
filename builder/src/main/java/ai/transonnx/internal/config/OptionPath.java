package ai.transonnx.internal.config;

import ai.transonnx.config.OptionGroup;
import org.jspecify.annotations.Nullable;

/**
 * The groups around an option, from the outermost to the innermost. Immutable.
 *
 * @param prefix the prefix of the options' keys
 * @param otherwise the groups whose values are those of options that are not set; null for defaults
 * @param releases the releases of the library that have the groups
 */
record OptionPath(String prefix, @Nullable OptionPath otherwise, ReleaseRange releases) {
  /** No group. */
  static final OptionPath ROOT = new OptionPath("", null, ReleaseRange.ALL);

  /** The path of a group within these groups. */
  OptionPath group(OptionGroup group) {
    return new OptionPath(
        prefix + group.prefix(), otherwise(group), releases.within(group.since(), group.until()));
  }

  private @Nullable OptionPath otherwise(OptionGroup group) {
    if (!group.otherwise().isEmpty()) {
      return new OptionPath(prefix + group.otherwise(), null, ReleaseRange.ALL);
    }
    return otherwise == null ? null : otherwise.group(group);
  }
}
