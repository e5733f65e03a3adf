/** Types for Transonnx's own modules; they may change in any release. */
@NullMarked
package ai.transonnx.runtime.internal;

import org.jspecify.annotations.NullMarked;
