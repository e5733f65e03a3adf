/**
 * x-transformers-paddle, a port of x-transformers 0.21.1: its options, as plans of the same graphs
 * that x-transformers 1.9.2 has. Where the port fails on what it plainly means, they are what
 * 0.21.1 computes.
 */
@NullMarked
package ai.transonnx.xtransformerspaddle;

import org.jspecify.annotations.NullMarked;
