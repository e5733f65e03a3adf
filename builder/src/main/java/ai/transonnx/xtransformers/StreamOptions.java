package ai.transonnx.xtransformers;

/**
 * The options of the values between layers: several streams, aggregated layers and other residuals.
 * Immutable.
 */
public record StreamOptions() {}
