/** Verification of exported models against golden cases, recorded with the Python libraries. */
@NullMarked
package ai.transonnx.verification;

import org.jspecify.annotations.NullMarked;
