/**
 * x-transformers-paddle, a port of x-transformers 0.21.1. Its options are translated into the same
 * graphs as those of x-transformers 1.9.2. Where the port raises an error because of a bug, the
 * graphs compute what x-transformers 0.21.1 computes: attention on attention, tied embeddings,
 * shifted tokens and gated residuals. {@code max_attend_past} follows the port, which hides the
 * wrong side of the window.
 */
@NullMarked
package ai.transonnx.xtransformerspaddle;

import org.jspecify.annotations.NullMarked;
