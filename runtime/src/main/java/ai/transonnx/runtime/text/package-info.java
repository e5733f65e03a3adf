/** Encodes text as tokens, and decodes them: bytes, or the tokens of a file. */
@NullMarked
package ai.transonnx.runtime.text;

import org.jspecify.annotations.NullMarked;
