package ai.transonnx.xtransformers;

import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;

/** The options of contextual position encoding (CoPE). Immutable. */
public record ContextualPositionOptions(
    @Option(value = "number of position embeddings of CoPE", defaultValue = "16", since = "1.30.7")
        int maxPos,
    @Option(
            value = "weigh all position embeddings of CoPE by their distance",
            defaultValue = "false",
            since = "1.30.9")
        boolean softOnehotPos,
    @Option(
            value = "mix the scores of all heads before CoPE counts keys",
            defaultValue = "false",
            since = "1.30.10")
        boolean talkingHeads) {
  public ContextualPositionOptions {
    Ranges.checkInteger("max_pos", maxPos, 1, 1 << 20);
  }
}
