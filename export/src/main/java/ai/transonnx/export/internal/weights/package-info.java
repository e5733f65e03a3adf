/** Files of weights: named tensors whose bytes are read where they lie. */
@NullMarked
package ai.transonnx.export.internal.weights;

import org.jspecify.annotations.NullMarked;
