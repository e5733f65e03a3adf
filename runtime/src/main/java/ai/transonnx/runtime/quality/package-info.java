/** The quality of a model, such as a quantized one, compared with that of a reference. */
@NullMarked
package ai.transonnx.runtime.quality;

import org.jspecify.annotations.NullMarked;
