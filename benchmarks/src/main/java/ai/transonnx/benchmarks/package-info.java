/** How fast models are written and run, beside the machine's limits and other exporters. */
@NullMarked
package ai.transonnx.benchmarks;

import org.jspecify.annotations.NullMarked;
