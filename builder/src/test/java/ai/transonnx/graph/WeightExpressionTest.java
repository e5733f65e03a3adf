package ai.transonnx.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.graph.WeightExpression.Rows;
import ai.transonnx.graph.WeightExpression.Selected;
import ai.transonnx.graph.WeightExpression.Stored;
import java.util.List;
import org.junit.jupiter.api.Test;

class WeightExpressionTest {
  private final WeightExpression table = new Stored("w", Shape.of(4, 2));

  @Test
  void aScaledOperandIsInParentheses() {
    assertEquals("w[1:3] * 0.5", new Rows(table, 1, 3).times(0.5).describe());
    assertEquals("(w * 0.5)[1:3]", new Rows(table.times(0.5), 1, 3).describe());
    assertEquals(
        "(w * 0.5)[3, 0 x 2]", new Selected(table.times(0.5), List.of(3L, 0L, 0L)).describe());
    assertEquals("(w * 0.5) * 3.0", table.times(0.5).times(3).describe());
    assertEquals("transpose(w * 0.5)", table.times(0.5).transposed().describe());
  }
}
