/** The values of parameters that are made of a file's tensors, a piece at a time. */
@NullMarked
package ai.transonnx.export.internal.expression;

import org.jspecify.annotations.NullMarked;
