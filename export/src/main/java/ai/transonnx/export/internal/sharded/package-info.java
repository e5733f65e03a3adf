/** Weights in several files, with an index of which tensor is where. */
@NullMarked
package ai.transonnx.export.internal.sharded;

import org.jspecify.annotations.NullMarked;
