/**
 * Builds the graphs of x-transformers' classes from plans, which the options of each release are
 * translated into.
 */
@NullMarked
package ai.transonnx.internal.xtransformers;

import org.jspecify.annotations.NullMarked;
