/** Computes the values of parameters from a file's tensors, in pieces. */
@NullMarked
package ai.transonnx.export.internal.expression;

import org.jspecify.annotations.NullMarked;
