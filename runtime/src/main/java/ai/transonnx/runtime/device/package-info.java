/**
 * Where a model computes: the processor, a graphics card, or whatever the runtime has a provider
 * for.
 */
@NullMarked
package ai.transonnx.runtime.device;

import org.jspecify.annotations.NullMarked;
