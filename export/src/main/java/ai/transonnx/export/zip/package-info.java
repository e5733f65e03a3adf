/** Zip archives as containers of tensors: entries are checked, and stay in the file. */
@NullMarked
package ai.transonnx.export.zip;

import org.jspecify.annotations.NullMarked;
