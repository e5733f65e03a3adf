/** Scores sequences of tokens with a model. */
@NullMarked
package ai.transonnx.runtime.scoring;

import org.jspecify.annotations.NullMarked;
