/** Text to tokens and back. */
@NullMarked
package ai.transonnx.runtime.text;

import org.jspecify.annotations.NullMarked;
