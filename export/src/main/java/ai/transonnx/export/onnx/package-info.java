/** ONNX files, written. */
@NullMarked
package ai.transonnx.export.onnx;

import org.jspecify.annotations.NullMarked;
