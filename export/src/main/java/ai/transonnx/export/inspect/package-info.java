/** ONNX files, read for people: what is in one, without loading it. */
@NullMarked
package ai.transonnx.export.inspect;

import org.jspecify.annotations.NullMarked;
