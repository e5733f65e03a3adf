/**
 * The operators of the domain {@code ai.transonnx}, with the standard operators that compute them.
 */
@NullMarked
package ai.transonnx.internal.function;

import org.jspecify.annotations.NullMarked;
