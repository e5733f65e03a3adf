package ai.transonnx.internal.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.internal.config.Availability;
import ai.transonnx.internal.config.AvailabilityCheck;
import ai.transonnx.internal.config.ReleaseRange;
import ai.transonnx.xtransformers.AttentionLayersConfig;
import ai.transonnx.xtransformers.Release;
import ai.transonnx.xtransformers.XTransformerConfig;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The options of x-transformers at a release.
 *
 * <p>Before 1.29.0, the layers ignored unknown keyword arguments, except for those of their
 * attention and feedforward layers.
 */
public record ReleaseOptions(Release release) implements Availability {
  private static final String FIRST_STRICT_RELEASE = "1.29.0";
  private static final String FIRST_WITH_CROSS_PREFIX = "1.25.2";

  /**
   * Checks that a configuration sets no option that the release does not have.
   *
   * @throws ConfigException if it does
   */
  public void check(Record config) {
    AvailabilityCheck.check(config, this);
  }

  @Override
  public boolean has(ReleaseRange releases) {
    return (releases.since().isEmpty() || release.since(releases.since()))
        && (releases.until().isEmpty()
            || release.within(Release.FIRST.toString(), releases.until()));
  }

  @Override
  public boolean ignores(Class<? extends Record> type, String key) {
    if (release.since(FIRST_STRICT_RELEASE)) {
      return false;
    }
    if (type == AttentionLayersConfig.class) {
      return isIgnoredByLayers(key);
    }
    return type == XTransformerConfig.class
        && Stream.of("enc_", "dec_")
            .anyMatch(
                prefix ->
                    key.startsWith(prefix) && isIgnoredByLayers(key.substring(prefix.length())));
  }

  @Override
  public Optional<String> refusal(String key) {
    return RefusedOptions.reason(key);
  }

  private boolean isIgnoredByLayers(String key) {
    var prefixes =
        release.since(FIRST_WITH_CROSS_PREFIX)
            ? List.of("attn_", "ff_", "cross_attn_")
            : List.of("attn_", "ff_");
    return prefixes.stream().noneMatch(key::startsWith);
  }

  /** The release, for messages. */
  @Override
  public String toString() {
    return release.toString();
  }
}
