package ai.transonnx.xtransformers;

import ai.transonnx.attention.Attention;

/** Composes the library's {@code Attention} from the parts that its options select. */
record AttentionParts(AttentionSetting setting) {
  Attention compose() {
    return new Attention(
        new InputParts(setting).compose(),
        new ScoreParts(setting).compose(),
        new OutputParts(setting).compose());
  }
}
