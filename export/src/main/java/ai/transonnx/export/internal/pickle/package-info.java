/**
 * Pickles as data. Nothing is executed: what a pickle asks for by name is one of a few known
 * constructors of values, or it is refused.
 */
@NullMarked
package ai.transonnx.export.internal.pickle;

import org.jspecify.annotations.NullMarked;
