package ai.transonnx.internal.xtransformers;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Learned memory tokens before each chunk of a sequence, {@code memory_tokens_interspersed_every}.
 * The last chunk is filled with zeros.
 *
 * @param number the number of memory tokens of a chunk
 * @param every the number of positions of a chunk
 * @param dim the model dimension
 */
record InterspersedTokens(int number, int every, int dim) {
  /**
   * Inserts the memory tokens.
   *
   * @param x {@code [b, n, dim]}
   * @return {@code [b, c * (number + every), dim]} for c chunks
   */
  Value insertInto(Scope scope, Value x) {
    var size = scope.vector(every);
    var rest = scope.mod(scope.sub(size, scope.mod(scope.size(x, 1), size)), size); // [1]
    var filled = scope.padEnd(x, 1, rest, scope.unknownDim());
    var batch = scope.size(x, 0);
    var chunkCount = scope.unknownDim();
    var chunks =
        scope.reshape(
            filled,
            scope.concat(0, batch, scope.vector(-1, every, dim)),
            Shape.of(x.dim(0), chunkCount, Dim.of(every), Dim.of(dim)));
    var weights = scope.parameter("memory_tokens", number, dim);
    var tokens =
        scope.expand(
            weights,
            scope.concat(0, scope.sizes(chunks, 0, 2), scope.vector(number, dim)),
            Shape.of(x.dim(0), chunkCount, Dim.of(number), Dim.of(dim)));
    return scope.reshape(
        scope.concat(2, tokens, chunks),
        scope.concat(0, batch, scope.vector(-1, dim)),
        Shape.of(x.dim(0), scope.unknownDim(), Dim.of(dim)));
  }

  /** Removes the memory tokens: keeps the first positions, as many as {@code own} has. */
  Value removeFrom(Scope scope, Value all, Value own) {
    var batch = scope.size(all, 0);
    var chunks =
        scope.reshape(
            all,
            scope.concat(0, batch, scope.vector(-1, number + every, dim)),
            Shape.of(all.dim(0), scope.unknownDim(), Dim.of(number + every), Dim.of(dim)));
    var joined =
        scope.reshape(
            scope.slice(chunks, 2, number, number + every),
            scope.concat(0, batch, scope.vector(-1, dim)),
            Shape.of(all.dim(0), scope.unknownDim(), Dim.of(dim)));
    return scope.slice(joined, 1, scope.vector(0), scope.size(own, 1), own.dim(1));
  }
}
