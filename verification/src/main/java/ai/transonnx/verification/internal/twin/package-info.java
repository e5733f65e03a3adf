/**
 * The float64 twin of an ONNX file: the same graph, computed exactly enough to judge every runtime,
 * and variants of it that are rounded as a runtime rounds.
 */
@NullMarked
package ai.transonnx.verification.internal.twin;

import org.jspecify.annotations.NullMarked;
