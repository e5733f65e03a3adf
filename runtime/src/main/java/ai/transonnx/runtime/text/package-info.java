/** Encodes text as byte tokens, and decodes them. */
@NullMarked
package ai.transonnx.runtime.text;

import org.jspecify.annotations.NullMarked;
