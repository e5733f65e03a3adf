/** The inputs of a model's matrices, measured by running it. */
@NullMarked
package ai.transonnx.verification.internal.calibration;

import org.jspecify.annotations.NullMarked;
