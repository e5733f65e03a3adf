package ai.transonnx.blockrecurrent;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * The library's {@code MemoryManager} for one layer. The memory contains the keys and values of the
 * previous block and, with {@code use_compressed_mem}, the compressed ones of older blocks.
 */
record BlockMemory(BlockRecurrentConfig config) {
  /**
   * Computes the memory after a complete block.
   *
   * @param scope the layer's scope in the memory manager
   * @param memory {@code [2, b, m, d]}
   * @param block {@code [2, b, block_width, d]}
   * @return {@code [2, b, m', d]}
   */
  Value next(Scope scope, Value memory, Value block) {
    if (!config.useCompressedMem()) {
      return scope.copy(block);
    }
    long width = config.blockWidth();
    var zero = scope.vector(0);
    var end = scope.vector(Scope.END);
    var older = scope.max(scope.sub(scope.size(memory, 2), scope.vector(width)), zero); // [1]
    var compressed = scope.slice(memory, 2, zero, older, scope.unknownDim());
    var recent = scope.slice(memory, 2, older, end, scope.unknownDim());
    var grown = scope.concat(2, compressed, compress(scope.child(1), recent));
    var excess = scope.sub(scope.size(grown, 2), scope.vector(width / 2));
    var kept = scope.slice(grown, 2, scope.max(excess, zero), end, scope.unknownDim());
    return scope.concat(2, kept, block);
  }

  /** A convolution without overlap, with separate weights for keys and values. */
  private Value compress(Scope scope, Value x) {
    long factor = config.compressedMemFactor();
    if (factor == 1) {
      return x;
    }
    long d = config.dimHead();
    var convolution = scope.child(1);
    var windows = scope.div(scope.size(x, 2), scope.vector(factor)); // [1]
    var used = scope.mul(windows, scope.vector(factor));
    var from = scope.sub(scope.size(x, 2), used);
    var last = scope.slice(x, 2, from, scope.vector(Scope.END), scope.unknownDim());
    var sizes = scope.concat(0, scope.vector(0, 0), windows, scope.vector(factor * d));
    var shape = Shape.of(x.dim(0), x.dim(1), scope.unknownDim(), Dim.of(factor * d));
    var rows = scope.reshape(last, sizes, shape); // [2, b, windows, factor * d]

    var stored = convolution.matrix("weight", 2 * d, d, factor);
    var perKind = convolution.reshape(stored, Shape.of(2, d, d, factor)); // [2, out, in, factor]
    var ordered = convolution.transpose(perKind, 0, 3, 2, 1); // [2, factor, in, out]
    var weight = convolution.reshape(ordered, Shape.of(2, 1, factor * d, d));
    var bias = convolution.reshape(convolution.matrix("bias", 2 * d), Shape.of(2, 1, 1, d));
    return convolution.add(convolution.matMul(rows, weight), bias); // [2, b, windows, d]
  }
}
