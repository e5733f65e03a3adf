/**
 * Finds where a runtime, or a file, begins to compute something else: the first wrong value, and
 * the smallest part of the graph that shows it.
 */
@NullMarked
package ai.transonnx.verification.internal.divergence;

import org.jspecify.annotations.NullMarked;
