/** Measurements of export and inference, compared with the machine's limits and other exporters. */
@NullMarked
package ai.transonnx.benchmarks;

import org.jspecify.annotations.NullMarked;
