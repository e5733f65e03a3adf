/** NumPy arrays in pickles and in {@code .npz} files. */
@NullMarked
package ai.transonnx.export.internal.numpy;

import org.jspecify.annotations.NullMarked;
