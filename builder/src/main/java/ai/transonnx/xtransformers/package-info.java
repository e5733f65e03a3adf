/**
 * x-transformers: stacks of attention and feedforward layers with many options, alone or wrapped
 * for tokens, vectors, images, and pairs of sequences.
 */
@NullMarked
package ai.transonnx.xtransformers;

import org.jspecify.annotations.NullMarked;
