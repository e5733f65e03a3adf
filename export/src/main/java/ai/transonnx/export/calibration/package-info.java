/** Quantization that is calibrated with the inputs of a model's matrices. */
@NullMarked
package ai.transonnx.export.calibration;

import org.jspecify.annotations.NullMarked;
