/**
 * Finds the release of the library that wrote a checkpoint; see {@link
 * ai.transonnx.export.checkpoint.CheckpointArchitecture}.
 */
@NullMarked
package ai.transonnx.export.checkpoint;

import org.jspecify.annotations.NullMarked;
