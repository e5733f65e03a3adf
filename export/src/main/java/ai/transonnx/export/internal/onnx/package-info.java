/** The writer of ONNX files. */
@NullMarked
package ai.transonnx.export.internal.onnx;

import org.jspecify.annotations.NullMarked;
