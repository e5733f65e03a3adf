/**
 * The parts of attention: projections, positions, masks, and transforms of scores and outputs. An
 * {@link ai.transonnx.attention.Attention} is composed of those that its options select.
 */
@NullMarked
package ai.transonnx.attention;

import org.jspecify.annotations.NullMarked;
