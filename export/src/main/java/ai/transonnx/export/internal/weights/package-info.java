/** Weight files: named tensors whose bytes stay in the file until they are used. */
@NullMarked
package ai.transonnx.export.internal.weights;

import org.jspecify.annotations.NullMarked;
