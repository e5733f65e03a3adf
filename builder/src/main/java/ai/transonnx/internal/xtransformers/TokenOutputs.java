package ai.transonnx.internal.xtransformers;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.layer.Linear;
import ai.transonnx.layer.Rows;
import ai.transonnx.op.Scope;
import java.util.ArrayList;

/**
 * Computes logits from embeddings.
 *
 * @param vocabulary the module of the token embeddings, which may be the weight of logits
 */
record TokenOutputs(TokenPlan plan, Scope scope, Scope vocabulary) {
  /** The logits of a wrapper with one head. */
  static final String LOGITS = "logits";

  /** The normalized outputs of the layers, or the pooled ones. */
  static final String EMBEDDINGS = "embeddings";

  /** The outputs of attention pooling. */
  static final String POOLED = "pooled";

  private static final double LEAST_PROBABILITY = 1e-20;

  /**
   * Logits, or the logarithms of mixed probabilities.
   *
   * @param x {@code [b, n, d]}, or pooled embeddings {@code [b, d]} or {@code [b, count, d]}
   * @return {@code [.., v]}; {@code [..]} if the head is squeezed
   */
  Value logits(LogitHead head, Value x) {
    int mixture = plan.output().mixture();
    var logits = mixture == 0 ? single(head, x) : mixed(head, x, mixture);
    return head.squeezed() ? scope.squeeze(logits, logits.rank() - 1) : logits;
  }

  private Value single(LogitHead head, Value x) {
    var logits = projected(head, x);
    return plan.output().sigmoid() ? scope.add(logits, logSigmoid(logits)) : logits;
  }

  private Value projected(LogitHead head, Value x) {
    long dim = plan.stack().dim();
    var projection = head.projection();
    if (projection != null) {
      var module = scope;
      for (var name : projection.path()) {
        module = module.child(name);
      }
      return new Linear(dim, projection.count(), projection.biased()).last(module, x);
    }
    var weight = vocabulary.matrix("weight", plan.tokens(), dim);
    if (x.rank() == 2) {
      return scope.gemm(x, weight);
    }
    var rows = scope.gemm(Rows.of(scope, x), weight); // [b * n, v]
    return Rows.sequences(scope, rows, x);
  }

  /** The logarithm of the sigmoid, without overflow. */
  private Value logSigmoid(Value x) {
    var small = scope.exp(scope.neg(scope.abs(x)));
    var zero = scope.scalar(0f);
    return scope.sub(scope.min(x, zero), scope.log(scope.add(small, scope.scalar(1f))));
  }

  private Value mixed(LogitHead head, Value x, int count) {
    int last = x.rank() - 1;
    var shares =
        scope.softmax(
            new Linear(x.dim(-1).size(), count, false)
                .of(scope.child("combine_mixture"), x)); // [.., k]
    var probabilities = scope.softmax(single(head, mixture(x, count))); // [.., k, v]
    var mixed = scope.squeeze(scope.matMul(scope.unsqueeze(shares, last), probabilities), last);
    return scope.log(scope.max(mixed, scope.scalar(LEAST_PROBABILITY))); // [.., v]
  }

  /** The embeddings of each distribution of a mixture: {@code [.., k, d]}. */
  private Value mixture(Value x, int count) {
    long dim = x.dim(-1).size();
    var module = scope.child("to_mixture").child(0);
    var all = new Linear(dim, dim * count, false).of(module, x); // [.., k * d]
    var sizes = scope.concat(0, scope.sizes(x, 0, x.rank() - 1), scope.vector(count, dim));
    var dims = new ArrayList<>(x.shape().dims().subList(0, x.rank() - 1));
    dims.add(Dim.of(count));
    dims.add(Dim.of(dim));
    return scope.reshape(all, sizes, new Shape(dims));
  }

  /** The embeddings that a wrapper returns: with a mixture, those of each distribution. */
  Value embeddings(Value x) {
    int mixture = plan.output().mixture();
    return mixture == 0 ? x : mixture(x, mixture);
  }
}
