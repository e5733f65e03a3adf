/**
 * ONNX's operators as typed methods, one interface a family, and the {@link ai.transonnx.op.Scope}
 * that has them all.
 *
 * <p>Each method checks its operands and infers the type of its result; what does not fit fails
 * there, with the path of the module in the message. Where ONNX changed an operator between
 * versions, the method writes the form that the model's opset has.
 */
@NullMarked
package ai.transonnx.op;

import org.jspecify.annotations.NullMarked;
