/** PyTorch's file formats: zip archives, and the legacy format before 1.6. */
@NullMarked
package ai.transonnx.export.internal.torch;

import org.jspecify.annotations.NullMarked;
