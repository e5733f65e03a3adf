/** Paddle's files of parameters. */
@NullMarked
package ai.transonnx.export.paddle;

import org.jspecify.annotations.NullMarked;
