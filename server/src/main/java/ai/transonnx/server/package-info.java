/** A server for exported models that speaks OpenAI's HTTP protocol. */
@NullMarked
package ai.transonnx.server;

import org.jspecify.annotations.NullMarked;
