/** The annotation processor that generates builders of configuration records. */
@NullMarked
package ai.transonnx.config.builders;

import org.jspecify.annotations.NullMarked;
