/**
 * x-transformers-paddle, a port of x-transformers 0.21.1: its options, as plans of the same graphs
 * that x-transformers 1.9.2 has. Where the port fails on what it plainly means, they are what
 * 0.21.1 computes: attention on attention, tied embeddings, shifted tokens, gated residuals, and
 * {@code max_attend_past}, of which the port keeps the wrong side.
 */
@NullMarked
package ai.transonnx.xtransformerspaddle;

import org.jspecify.annotations.NullMarked;
