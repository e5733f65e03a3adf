/** The safetensors format. */
@NullMarked
package ai.transonnx.export.safetensors;

import org.jspecify.annotations.NullMarked;
