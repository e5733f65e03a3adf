/** Helpers that the modules share. */
@NullMarked
package ai.transonnx.format.internal;

import org.jspecify.annotations.NullMarked;
