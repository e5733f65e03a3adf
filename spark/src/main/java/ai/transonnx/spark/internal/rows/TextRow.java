package ai.transonnx.spark.internal.rows;

import org.jspecify.annotations.Nullable;

/**
 * The input of one row.
 *
 * @param text null if the column has no value there
 * @param key the value from which the row's seed is derived; null to derive it from the text
 */
record TextRow(@Nullable String text, @Nullable String key) {}
