/** FLASH-pytorch: gated attention units, and their variant with linear cost. */
@NullMarked
package ai.transonnx.flash;

import org.jspecify.annotations.NullMarked;
