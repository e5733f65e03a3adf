/**
 * The values that a model must have: those of its twin in float64, and how far rounding moves them.
 */
@NullMarked
package ai.transonnx.verification.internal.truth;

import org.jspecify.annotations.NullMarked;
