package ai.transonnx.xtransformers;

import ai.transonnx.config.Option;
import ai.transonnx.internal.xtransformers.Profile;
import org.jspecify.annotations.Nullable;

/** The options that select and change the class of norms. Immutable. */
public record NormClassOptions(
    @Option(
            value = "add 1 to the weights of norms (default: from 1.31.3 on)",
            defaultValue = "null",
            since = "1.31.0")
        @Nullable Boolean normAddUnitOffset) {
  /** Whether 1 is added to the weights of norms. */
  boolean unitOffset(Profile profile) {
    return normAddUnitOffset == null ? profile.norms().unitOffset() : normAddUnitOffset;
  }
}
