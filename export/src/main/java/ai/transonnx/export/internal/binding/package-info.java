/** Assigns the tensors of a file to the parameters of a model. */
@NullMarked
package ai.transonnx.export.internal.binding;

import org.jspecify.annotations.NullMarked;
