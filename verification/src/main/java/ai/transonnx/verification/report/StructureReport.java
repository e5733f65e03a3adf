package ai.transonnx.verification.report;

import org.jspecify.annotations.Nullable;

/**
 * Whether the file's graph computes, in float64, what the class of its configuration computes with
 * the file's own weights, or with those of a checkpoint or a recorded case. Immutable, so threads
 * may share it.
 *
 * @param description the compared classes, such as {@code TransformerWrapper of x-transformers
 *     2.3.1 with the file's weights}
 * @param error the largest difference relative to the magnitude of its tensor
 * @param tolerance the largest relative difference that counts as equal
 * @param divergence where the two begin to differ; null if they are equal
 */
public record StructureReport(
    String description, double error, double tolerance, @Nullable Divergence divergence) {}
