package ai.transonnx.xtransformers;

import ai.transonnx.config.Option;

/** The options of values and of the heads' outputs. Immutable. */
public record ValueOptions(
    @Option(
            value = "rotary position embeddings of values as well",
            defaultValue = "false",
            since = "1.20.0",
            until = "1.44.7")
        boolean rotaryEmbedValues) {}
