/** Tokenizers in Hugging Face's {@code tokenizer.json}, with the native library of DJL. */
@NullMarked
package ai.transonnx.tokenizers;

import org.jspecify.annotations.NullMarked;
