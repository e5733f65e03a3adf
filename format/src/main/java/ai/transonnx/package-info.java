/** What every module shares. */
@NullMarked
package ai.transonnx;

import org.jspecify.annotations.NullMarked;
