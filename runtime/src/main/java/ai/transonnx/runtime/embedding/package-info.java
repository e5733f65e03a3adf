/** Computes embeddings of texts: a vector for each sequence of tokens. */
@NullMarked
package ai.transonnx.runtime.embedding;

import org.jspecify.annotations.NullMarked;
