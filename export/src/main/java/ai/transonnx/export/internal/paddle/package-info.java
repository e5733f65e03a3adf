/** Paddle's files of parameters. */
@NullMarked
package ai.transonnx.export.internal.paddle;

import org.jspecify.annotations.NullMarked;
