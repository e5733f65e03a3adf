/** Which tensor of a file is which parameter of a model. */
@NullMarked
package ai.transonnx.export.internal.binding;

import org.jspecify.annotations.NullMarked;
