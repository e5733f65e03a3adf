/**
 * Programs that run in a JVM of their own, with the runtime whose version a user names: its jar and
 * the classes of this package are all that they have. They read and write the protocol of
 * docs/runners.md.
 *
 * <p>These classes depend on Java alone, and on ONNX Runtime where they call it.
 */
@NullMarked
package ai.transonnx.runtime.internal.worker;

import org.jspecify.annotations.NullMarked;
