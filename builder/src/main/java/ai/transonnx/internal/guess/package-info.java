/** What a checkpoint says of the class that it is of, by the names and shapes of its tensors. */
@NullMarked
package ai.transonnx.internal.guess;

import org.jspecify.annotations.NullMarked;
