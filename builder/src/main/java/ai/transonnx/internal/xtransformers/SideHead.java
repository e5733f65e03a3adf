package ai.transonnx.internal.xtransformers;

import ai.transonnx.graph.Value;
import ai.transonnx.layer.Linear;
import ai.transonnx.op.Scope;

/** An output of a wrapper that is computed from embeddings beside logits. Immutable. */
public enum SideHead {
  /** A prediction of the next position's embedding {@code [b, n, dim]}. */
  NEXT_EMBEDDING("next_embed_pred", "to_next_embed_pred") {
    @Override
    Value of(Scope scope, Value x) {
      long dim = x.dim(-1).size();
      var module = scope.child(module());
      var hidden = module.silu(new Linear(dim, dim, false).of(module.child(0), x));
      return new Linear(dim, dim, false).last(module.child(2), hidden);
    }
  },
  /** A prediction of the next number {@code [b, n]}. */
  NUMBER("numerical_pred", "to_numerical_output") {
    @Override
    Value of(Scope scope, Value x) {
      var module = scope.child(module());
      var numbers = new Linear(x.dim(-1).size(), 1).last(module.child(0), x); // [b, n, 1]
      return module.squeeze(numbers, x.rank() - 1);
    }
  };

  private final String output;
  private final String module;

  SideHead(String output, String module) {
    this.output = output;
    this.module = module;
  }

  /** The name of the output. */
  String output() {
    return output;
  }

  /** The name of the head's module. */
  String module() {
    return module;
  }

  /** Whether a call that requests no outputs returns this one. */
  boolean isMain() {
    return this == NUMBER;
  }

  /**
   * Computes the output.
   *
   * @param x embeddings {@code [b, n, dim]}
   */
  abstract Value of(Scope scope, Value x);
}
