/**
 * The model-local functions of the domain {@code ai.transonnx}, with bodies of standard operators.
 */
@NullMarked
package ai.transonnx.internal.function;

import org.jspecify.annotations.NullMarked;
