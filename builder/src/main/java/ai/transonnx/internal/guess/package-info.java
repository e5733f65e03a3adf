/** Guesses the class and configuration of a checkpoint from the names and shapes of its tensors. */
@NullMarked
package ai.transonnx.internal.guess;

import org.jspecify.annotations.NullMarked;
