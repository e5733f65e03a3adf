/** Paddle's parameter files. */
@NullMarked
package ai.transonnx.export.internal.paddle;

import org.jspecify.annotations.NullMarked;
