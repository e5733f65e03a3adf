/**
 * Runs exported models. {@link ai.transonnx.runtime.OnnxModel} loads and runs one; {@link
 * ai.transonnx.runtime.TokenLoop} feeds it call by call and keeps its state. The package is
 * independent of architectures: a file describes its inputs, outputs and state.
 */
@NullMarked
package ai.transonnx.runtime;

import org.jspecify.annotations.NullMarked;
