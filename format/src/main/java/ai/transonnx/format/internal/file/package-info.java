/** Files of users: one check for those that are read, and one way to write. */
@NullMarked
package ai.transonnx.format.internal.file;

import org.jspecify.annotations.NullMarked;
