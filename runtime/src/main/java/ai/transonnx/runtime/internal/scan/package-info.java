/** Checks of model files before ONNX Runtime loads them. */
@NullMarked
package ai.transonnx.runtime.internal.scan;

import org.jspecify.annotations.NullMarked;
