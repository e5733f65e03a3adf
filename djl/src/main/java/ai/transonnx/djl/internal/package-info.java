/** The part of this module that only the runtime calls. */
@NullMarked
package ai.transonnx.djl.internal;

import org.jspecify.annotations.NullMarked;
