/** Describes the content of ONNX files without loading them. */
@NullMarked
package ai.transonnx.export.inspect;

import org.jspecify.annotations.NullMarked;
