/**
 * Exported models in Apache Spark: transformers of Spark ML, which are also SQL functions. One
 * model is loaded in each executor, and the result of a row depends on the row alone.
 */
@NullMarked
package ai.transonnx.spark;

import org.jspecify.annotations.NullMarked;
