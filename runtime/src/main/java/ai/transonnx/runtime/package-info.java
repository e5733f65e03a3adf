/**
 * Runs exported models: {@link ai.transonnx.runtime.OnnxModel} loads one and runs it, {@link
 * ai.transonnx.runtime.TokenLoop} carries its state from call to call. Nothing here knows an
 * architecture: what a model takes, gives and carries is read from its file.
 */
@NullMarked
package ai.transonnx.runtime;

import org.jspecify.annotations.NullMarked;
