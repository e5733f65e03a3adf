/** Layers that more than one architecture has. */
@NullMarked
package ai.transonnx.layer;

import org.jspecify.annotations.NullMarked;
