/**
 * ONNX graphs as Java objects: typed values, nodes, functions and parameters, independent of the
 * file format.
 */
@NullMarked
package ai.transonnx.graph;

import org.jspecify.annotations.NullMarked;
