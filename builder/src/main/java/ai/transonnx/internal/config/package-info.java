/** Reads configurations from JSON into records, and writes them. */
@NullMarked
package ai.transonnx.internal.config;

import org.jspecify.annotations.NullMarked;
