/** Reads configuration records from JSON and writes them. */
@NullMarked
package ai.transonnx.internal.config;

import org.jspecify.annotations.NullMarked;
