/** ONNX files, written. */
@NullMarked
package ai.transonnx.export.internal.onnx;

import org.jspecify.annotations.NullMarked;
