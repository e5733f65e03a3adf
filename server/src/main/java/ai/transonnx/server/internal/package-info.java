/** The endpoints of the server, and their common parts. */
@NullMarked
package ai.transonnx.server.internal;

import org.jspecify.annotations.NullMarked;
