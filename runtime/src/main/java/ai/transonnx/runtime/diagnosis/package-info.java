/** Reports the capabilities of this machine, and the memory that a model needs. */
@NullMarked
package ai.transonnx.runtime.diagnosis;

import org.jspecify.annotations.NullMarked;
