/** The command line: one class a command. */
@NullMarked
package ai.transonnx.cli;

import org.jspecify.annotations.NullMarked;
