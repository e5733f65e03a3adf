package ai.transonnx.flash;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/** Maps each similarity to an attention weight, in place of softmax. */
enum AttentionFunction {
  RELU_SQUARED {
    @Override
    Value of(Scope s, Value similarity) {
      var positive = s.relu(similarity);
      return s.mul(positive, positive);
    }
  },
  /**
   * The distribution function of a normal distribution that approximates the squared ReLU.
   *
   * @see <a href="https://arxiv.org/abs/2209.10655">Mega</a>
   */
  LAPLACE {
    @Override
    Value of(Scope s, Value similarity) {
      double mean = Math.sqrt(0.5);
      double deviation = Math.sqrt(1 / (4 * Math.PI));
      var centred = s.sub(similarity, s.scalar(mean));
      var scaled = s.mul(centred, s.scalar(1 / (deviation * Math.sqrt(2))));
      return s.mul(s.add(s.erf(scaled), s.scalar(1f)), s.scalar(0.5f));
    }
  };

  static AttentionFunction of(boolean laplace) {
    return laplace ? LAPLACE : RELU_SQUARED;
  }

  /** Computes the weights of similarities of any shape. */
  abstract Value of(Scope s, Value similarity);
}
