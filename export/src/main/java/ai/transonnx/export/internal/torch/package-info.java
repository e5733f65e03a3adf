/** PyTorch's files: zip archives, and the layout from before 1.6. */
@NullMarked
package ai.transonnx.export.internal.torch;

import org.jspecify.annotations.NullMarked;
