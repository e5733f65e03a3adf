/** Finds out what this machine's runtime can do, and what a model needs of it. */
@NullMarked
package ai.transonnx.runtime.diagnosis;

import org.jspecify.annotations.NullMarked;
