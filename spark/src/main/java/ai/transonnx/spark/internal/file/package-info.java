/** Files that the driver names and executors open. */
@NullMarked
package ai.transonnx.spark.internal.file;

import org.jspecify.annotations.NullMarked;
