/**
 * Configurations: immutable records whose components are the Python constructors' keyword
 * arguments, and JSON as one way to make them.
 */
@NullMarked
package ai.transonnx.config;

import org.jspecify.annotations.NullMarked;
