/**
 * The architecture that a file's metadata describe, built anew in float64, to compare the file with
 * it.
 */
@NullMarked
package ai.transonnx.verification.internal.structure;

import org.jspecify.annotations.NullMarked;
