/** What other modules bring along, found by {@link java.util.ServiceLoader}. */
@NullMarked
package ai.transonnx.runtime.internal;

import org.jspecify.annotations.NullMarked;
