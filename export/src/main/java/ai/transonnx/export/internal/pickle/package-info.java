/**
 * Pickles read as data. No code of a pickle is executed: its globals are resolved to a few known
 * constructors, and all others are refused.
 */
@NullMarked
package ai.transonnx.export.internal.pickle;

import org.jspecify.annotations.NullMarked;
