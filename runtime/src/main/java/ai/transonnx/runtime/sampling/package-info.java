/** From the logits of one position to the next token: greedy or sampled, with filters. */
@NullMarked
package ai.transonnx.runtime.sampling;

import org.jspecify.annotations.NullMarked;
