/** How likely a model finds what it is given. */
@NullMarked
package ai.transonnx.runtime.scoring;

import org.jspecify.annotations.NullMarked;
