/**
 * ONNX's operators as typed methods, one interface for each family, and {@link
 * ai.transonnx.op.Scope}, which has all of them.
 *
 * <p>Each method checks its operands and infers the type of its result. Operands that do not fit
 * fail at once, with the path of the module in the message. Where ONNX changed an operator between
 * versions, the method writes the form of the model's opset.
 */
@NullMarked
package ai.transonnx.op;

import org.jspecify.annotations.NullMarked;
