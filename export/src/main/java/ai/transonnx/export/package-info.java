/** Reads trained weights and writes ONNX files; see {@link ai.transonnx.export.Exporter}. */
@NullMarked
package ai.transonnx.export;

import org.jspecify.annotations.NullMarked;
