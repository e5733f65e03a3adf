/** Files of users: one check for those that are read, and one way to write. And temporary files. */
@NullMarked
package ai.transonnx.format.internal.file;

import org.jspecify.annotations.NullMarked;
