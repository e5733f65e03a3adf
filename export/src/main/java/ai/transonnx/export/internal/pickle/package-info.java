/**
 * Pickles read as data. No code of a pickle is executed: its globals are resolved to a few known
 * constructors. All others are names, and their results are opaque.
 */
@NullMarked
package ai.transonnx.export.internal.pickle;

import org.jspecify.annotations.NullMarked;
