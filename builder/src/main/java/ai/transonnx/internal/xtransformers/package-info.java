/** The graphs of x-transformers' classes, built from plans that each release's options make. */
@NullMarked
package ai.transonnx.internal.xtransformers;

import org.jspecify.annotations.NullMarked;
