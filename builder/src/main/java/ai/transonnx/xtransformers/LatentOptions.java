package ai.transonnx.xtransformers;

/** The options of latent queries, keys and values. Immutable. */
public record LatentOptions() {}
