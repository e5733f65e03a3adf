/** FLASH-pytorch: gated attention units, and their form that is linear in length. */
@NullMarked
package ai.transonnx.flash;

import org.jspecify.annotations.NullMarked;
