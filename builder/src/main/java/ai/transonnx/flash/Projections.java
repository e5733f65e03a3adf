package ai.transonnx.flash;

import ai.transonnx.graph.Value;
import ai.transonnx.graph.WeightExpression;
import ai.transonnx.layer.Rows;
import ai.transonnx.op.Scope;
import java.util.List;

/**
 * What a gated attention unit makes of each position: the library's {@code to_hidden} and {@code
 * to_qk}, of one product.
 *
 * @param values {@code [b, n, e]}
 * @param gate {@code [b, n, e]}
 * @param common what queries and keys are made of: {@code [b, n, k]}
 */
record Projections(Value values, Value gate, Value common) {
  /**
   * Projects.
   *
   * @param s the unit's
   * @param x {@code [b, n, dim]}
   */
  static Projections of(Scope s, Value x, GatedUnitOptions unit) {
    int hidden = unit.hidden();
    int keyDim = unit.queryKeyDim();
    var toHidden = s.child("to_hidden").child(0);
    var toCommon = s.child("to_qk").child(0);
    var weight =
        s.matrix(
            new WeightExpression.Stacked(
                List.of(
                    toHidden.storedMatrix("weight", 2L * hidden, unit.dim()),
                    toCommon.storedMatrix("weight", keyDim, unit.dim()))));
    var bias =
        s.matrix(
            new WeightExpression.Stacked(
                List.of(toHidden.stored("bias", 2L * hidden), toCommon.stored("bias", keyDim))));
    var rows = s.silu(s.gemm(Rows.of(s, x), weight, bias)); // [b * n, 2 * e + k]
    var parts = s.split(Rows.sequences(s, rows, x), 2, hidden, hidden, keyDim);
    return new Projections(parts.get(0), parts.get(1), parts.get(2));
  }
}
