/** token-shift-gpt, a language model that mixes positions by token shifts instead of attention. */
@NullMarked
package ai.transonnx.tokenshift;

import org.jspecify.annotations.NullMarked;
