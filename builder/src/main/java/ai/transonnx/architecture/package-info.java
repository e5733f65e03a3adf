/** What every architecture is: a configuration that builds graphs on request. */
@NullMarked
package ai.transonnx.architecture;

import org.jspecify.annotations.NullMarked;
