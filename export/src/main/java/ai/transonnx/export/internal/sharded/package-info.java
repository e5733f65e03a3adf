/** Weights in several files, with an index. */
@NullMarked
package ai.transonnx.export.internal.sharded;

import org.jspecify.annotations.NullMarked;
