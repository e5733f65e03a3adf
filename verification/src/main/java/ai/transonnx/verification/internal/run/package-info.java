/** Runs the calls of a verification in the reference and in each runtime. */
@NullMarked
package ai.transonnx.verification.internal.run;

import org.jspecify.annotations.NullMarked;
