/** token-shift-gpt: a language model that mixes positions by shifts alone. */
@NullMarked
package ai.transonnx.tokenshift;

import org.jspecify.annotations.NullMarked;
