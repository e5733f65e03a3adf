/**
 * Files of tokenizers: the copy beside a model, and their content as far as a model depends on it.
 */
@NullMarked
package ai.transonnx.format.internal.tokenizer;

import org.jspecify.annotations.NullMarked;
