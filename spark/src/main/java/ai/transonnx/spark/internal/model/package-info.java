/** Models that the tasks of an executor share. */
@NullMarked
package ai.transonnx.spark.internal.model;

import org.jspecify.annotations.NullMarked;
