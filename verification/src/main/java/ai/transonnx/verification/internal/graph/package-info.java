/**
 * Model files as graphs that can be changed: with further outputs, parts of them as models of their
 * own, and in other element types. Weights stay in their files.
 */
@NullMarked
package ai.transonnx.verification.internal.graph;

import org.jspecify.annotations.NullMarked;
