/**
 * Attention made of parts: projections, positions, score transforms, masks, value transforms. An
 * {@link ai.transonnx.attention.Attention} has those that its options ask for and no others.
 */
@NullMarked
package ai.transonnx.attention;

import org.jspecify.annotations.NullMarked;
