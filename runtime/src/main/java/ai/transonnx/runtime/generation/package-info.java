/** Continues token sequences with a model, token by token. */
@NullMarked
package ai.transonnx.runtime.generation;

import org.jspecify.annotations.NullMarked;
