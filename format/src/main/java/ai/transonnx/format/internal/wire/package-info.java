/** Protobuf's wire format: one writer and one bounded reader, both on Protobuf's coded streams. */
@NullMarked
package ai.transonnx.format.internal.wire;

import org.jspecify.annotations.NullMarked;
