/** The contract of architectures: a configuration that builds the graph of a request. */
@NullMarked
package ai.transonnx.architecture;

import org.jspecify.annotations.NullMarked;
