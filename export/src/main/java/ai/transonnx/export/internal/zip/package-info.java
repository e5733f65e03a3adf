/** Zip archives as containers of tensors. Entries are checked, and stay in the file. */
@NullMarked
package ai.transonnx.export.internal.zip;

import org.jspecify.annotations.NullMarked;
