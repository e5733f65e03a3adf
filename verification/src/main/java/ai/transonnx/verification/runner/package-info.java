/** Runs model files in one runtime each: in this process, in another one, or in a browser. */
@NullMarked
package ai.transonnx.verification.runner;

import org.jspecify.annotations.NullMarked;
