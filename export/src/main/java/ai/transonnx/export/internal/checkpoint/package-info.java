/** Models in checkpoints. */
@NullMarked
package ai.transonnx.export.internal.checkpoint;

import org.jspecify.annotations.NullMarked;
