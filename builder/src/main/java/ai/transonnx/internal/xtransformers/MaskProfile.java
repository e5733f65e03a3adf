package ai.transonnx.internal.xtransformers;

import ai.transonnx.xtransformers.Release;
import org.jspecify.annotations.Nullable;

/** Masks and memories. Immutable. */
public record MaskProfile(Release release) {
  /** The effect of padding masks. */
  public PaddingRule padding() {
    if (!release.since("1.4.0")) {
      return PaddingRule.MASKS_QUERIES;
    }
    return release.since("1.17.2")
        ? PaddingRule.ZEROES_OUTPUTS
        : PaddingRule.ZEROES_OUTPUTS_MASKS_CONTEXT;
  }

  /**
   * The output of a query whose keys are all masked.
   *
   * @param flash whether PyTorch's fused attention computes it
   */
  public EmptyRows emptyRows(boolean flash) {
    if (flash) {
      return release.since("1.22.22") ? EmptyRows.ZERO : EmptyRows.UNIFORM;
    }
    return release.since("1.32.0") ? EmptyRows.ZERO_BY_MASK : EmptyRows.UNIFORM;
  }

  /** Whether learned memory keys are visible at every distance. */
  public boolean memoryIsNear() {
    return release.since("1.28.1");
  }

  /** Whether Transformer-XL memories pass the norm of a layer's input. */
  public boolean normsMemories() {
    return release.since("1.27.5");
  }

  /** The input that masks the keys of self-attention, or null. */
  public @Nullable String keyMask() {
    if (!release.since("1.2.2")) {
      return null;
    }
    return release.since("1.22.8") ? "self_attn_kv_mask" : "self_attn_context_mask";
  }

  /** Whether the mask of the keys of self-attention has no effect. */
  public boolean ignoresKeyMask() {
    return release.within("1.17.2", "1.22.16");
  }

  /** Whether calls accept a mask of pairs of queries and keys. */
  public boolean hasAttnMask() {
    return release.since("0.17.10");
  }

  /** Whether calls accept the number of padding positions before a sequence. */
  public boolean hasStart() {
    return release.since("1.22.19");
  }

  /** Whether there is a {@code PrefixDecoder}. */
  public boolean hasPrefixDecoder() {
    return release.since("1.25.1");
  }
}
