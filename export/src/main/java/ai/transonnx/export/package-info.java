/** Weights in, ONNX out: {@link ai.transonnx.export.Exporter} writes a model's file. */
@NullMarked
package ai.transonnx.export;

import org.jspecify.annotations.NullMarked;
