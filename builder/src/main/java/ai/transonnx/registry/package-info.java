/** All classes of all libraries: the only package that knows every architecture. */
@NullMarked
package ai.transonnx.registry;

import org.jspecify.annotations.NullMarked;
