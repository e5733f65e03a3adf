/**
 * x-transformers: configurable stacks of attention and feedforward layers, on their own or wrapped
 * as models of tokens, vectors, images, and pairs of sequences. A {@link
 * ai.transonnx.xtransformers.Release} names the release of the library that wrote a checkpoint.
 */
@NullMarked
package ai.transonnx.xtransformers;

import org.jspecify.annotations.NullMarked;
