/** The endpoints of the server, and what they share. */
@NullMarked
package ai.transonnx.server.internal;

import org.jspecify.annotations.NullMarked;
