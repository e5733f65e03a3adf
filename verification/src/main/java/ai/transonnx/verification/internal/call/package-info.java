/**
 * The calls with which a model is verified: their inputs, their order, and the state between them.
 */
@NullMarked
package ai.transonnx.verification.internal.call;

import org.jspecify.annotations.NullMarked;
