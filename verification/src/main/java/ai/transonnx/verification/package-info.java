/**
 * Golden cases: what the Python libraries computed, and whether an exported model computes the
 * same.
 */
@NullMarked
package ai.transonnx.verification;

import org.jspecify.annotations.NullMarked;
