/** The command line, with one class for each command. */
@NullMarked
package ai.transonnx.cli;

import org.jspecify.annotations.NullMarked;
