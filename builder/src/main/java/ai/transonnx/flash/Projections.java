package ai.transonnx.flash;

import ai.transonnx.graph.Value;
import ai.transonnx.graph.WeightExpression;
import ai.transonnx.layer.Rows;
import ai.transonnx.op.Scope;
import java.util.List;

/**
 * The input projections of a gated attention unit: the library's {@code to_hidden} and {@code
 * to_qk}, computed by one matrix product.
 *
 * @param values {@code [b, n, e]}
 * @param gate {@code [b, n, e]}
 * @param qk the projection that queries and keys are derived from: {@code [b, n, k]}
 */
record Projections(Value values, Value gate, Value qk) {
  /**
   * Projects the positions of a sequence.
   *
   * @param s the scope of the unit
   * @param x {@code [b, n, dim]}
   */
  static Projections of(Scope s, Value x, GatedUnitOptions unit) {
    int hidden = unit.hidden();
    int keyDim = unit.queryKeyDim();
    var toHidden = s.child("to_hidden").child(0);
    var toQk = s.child("to_qk").child(0);
    var weight =
        s.matrix(
            new WeightExpression.Stacked(
                List.of(
                    toHidden.storedMatrix("weight", 2L * hidden, unit.dim()),
                    toQk.storedMatrix("weight", keyDim, unit.dim()))));
    var bias =
        s.matrix(
            new WeightExpression.Stacked(
                List.of(toHidden.stored("bias", 2L * hidden), toQk.stored("bias", keyDim))));
    var rows = s.silu(s.gemm(Rows.of(s, x), weight, bias)); // [b * n, 2 * e + k]
    var parts = s.split(Rows.sequences(s, rows, x), 2, hidden, hidden, keyDim);
    return new Projections(parts.get(0), parts.get(1), parts.get(2));
  }
}
