/**
 * Devices that compute a model: the CPU, a graphics card, or the device of another execution
 * provider.
 */
@NullMarked
package ai.transonnx.runtime.device;

import org.jspecify.annotations.NullMarked;
