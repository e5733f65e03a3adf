/** The runtimes that {@code Runners} opens: in this process and in processes of their own. */
@NullMarked
package ai.transonnx.verification.internal.runner;

import org.jspecify.annotations.NullMarked;
