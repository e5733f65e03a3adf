/** Compares tensors of a runtime with the reference. */
@NullMarked
package ai.transonnx.verification.internal.compare;

import org.jspecify.annotations.NullMarked;
