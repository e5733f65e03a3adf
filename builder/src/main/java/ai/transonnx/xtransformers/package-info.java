/**
 * x-transformers: configurable stacks of attention and feedforward layers, on their own or wrapped
 * as models of tokens, vectors, images, and pairs of sequences.
 */
@NullMarked
package ai.transonnx.xtransformers;

import org.jspecify.annotations.NullMarked;
