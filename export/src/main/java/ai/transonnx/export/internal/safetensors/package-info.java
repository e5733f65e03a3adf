/** The safetensors format. */
@NullMarked
package ai.transonnx.export.internal.safetensors;

import org.jspecify.annotations.NullMarked;
