package ai.transonnx.xtransformers;

import ai.transonnx.config.Option;

/** The options of the end of a stack. Immutable. */
public record FinalNormOptions(
    @Option(
            value = "a final norm after pre-norm layers; always there before 2.5.6",
            defaultValue = "true",
            since = "1.15.1")
        boolean preNormHasFinalNorm) {}
