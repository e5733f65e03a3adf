/**
 * Generation with causal language models and encoder-decoders, token by token, and with models of
 * continuous vectors. {@link ai.transonnx.runtime.generation.Generator} is the entry point.
 */
@NullMarked
package ai.transonnx.runtime.generation;

import org.jspecify.annotations.NullMarked;
