/**
 * The contract of an exported file: element types, symbolic sizes, state tensors and metadata keys.
 */
@NullMarked
package ai.transonnx.format;

import org.jspecify.annotations.NullMarked;
