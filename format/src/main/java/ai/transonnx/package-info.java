/** The exceptions of all modules. */
@NullMarked
package ai.transonnx;

import org.jspecify.annotations.NullMarked;
