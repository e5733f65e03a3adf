/** The environment setup, which the runtime module calls. */
@NullMarked
package ai.transonnx.djl.internal;

import org.jspecify.annotations.NullMarked;
