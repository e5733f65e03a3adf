/** Opened weight files: tensors by name, with elements on demand. */
@NullMarked
package ai.transonnx.export.weights;

import org.jspecify.annotations.NullMarked;
