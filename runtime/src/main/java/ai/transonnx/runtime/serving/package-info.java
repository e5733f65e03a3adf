/**
 * Many requests at once with one model, by continuous batching: {@link
 * ai.transonnx.runtime.serving.GenerationScheduler} is the entry point.
 */
@NullMarked
package ai.transonnx.runtime.serving;

import org.jspecify.annotations.NullMarked;
