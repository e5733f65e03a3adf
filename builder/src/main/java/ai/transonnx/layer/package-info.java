/** Layers that more than one architecture uses. */
@NullMarked
package ai.transonnx.layer;

import org.jspecify.annotations.NullMarked;
