/** What other modules bring along, found by {@link java.util.ServiceLoader}. */
@NullMarked
package ai.transonnx.runtime.spi;

import org.jspecify.annotations.NullMarked;
