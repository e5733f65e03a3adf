/** Builders of configuration records, written while the records are compiled. */
@NullMarked
package ai.transonnx.config.builders;

import org.jspecify.annotations.NullMarked;
