/** Rows of texts, computed in batches on executors. */
@NullMarked
package ai.transonnx.spark.internal.rows;

import org.jspecify.annotations.NullMarked;
