/**
 * ONNX graphs as Java values: typed values, nodes, functions and parameters, apart from how they
 * are written to a file.
 */
@NullMarked
package ai.transonnx.graph;

import org.jspecify.annotations.NullMarked;
