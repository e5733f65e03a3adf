/**
 * Configurations: immutable records whose components are the keyword arguments of the Python
 * constructors. They are created with builders or read from JSON.
 */
@NullMarked
package ai.transonnx.config;

import org.jspecify.annotations.NullMarked;
