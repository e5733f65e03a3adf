/** The architectures of this project by name; the only package that depends on all of them. */
@NullMarked
package ai.transonnx.registry;

import org.jspecify.annotations.NullMarked;
