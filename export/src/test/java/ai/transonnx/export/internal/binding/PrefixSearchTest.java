package ai.transonnx.export.internal.binding;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.export.weights.WeightSet;
import ai.transonnx.export.weights.WeightTensor;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Parameter;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.WeightExpression.Stored;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The tensor that is used where several have a name of the same parameter. */
class PrefixSearchTest {
  private static final Stored WEIGHT =
      new Stored("fn.weight", List.of("fn.gamma", "fn.scale"), Shape.of(4), Optional.empty());

  private static final Stored BIAS = new Stored("fn.bias", Shape.of(4));

  private final Map<String, WeightTensor> tensors = new LinkedHashMap<>();

  private void add(String name, long... shape) {
    var type = new TensorType(ElementType.FLOAT32, Shape.of(shape));
    tensors.put(name, new WeightTensor(name, type, (offset, length) -> ByteBuffer.allocate(0)));
  }

  private PrefixMatch match() {
    var parameters =
        List.of(
            new Parameter("weight", ElementType.FLOAT32, WEIGHT),
            new Parameter("bias", ElementType.FLOAT32, BIAS));
    var wanted = WantedTensors.of(parameters, Map.of());
    var matches = PrefixSearch.of(new WeightSet("", tensors, Map.of()), wanted);
    assertEquals(1, matches.size());
    return matches.get(0);
  }

  private String used() {
    return Objects.requireNonNull(match().tensors().get("fn.weight")).name();
  }

  @Test
  void anotherNameIsFound() {
    add("fn.gamma", 4);
    assertEquals("fn.gamma", used());
    assertEquals(1, match().fitting());
  }

  @Test
  void theNameInTheModelIsPreferredToAnother() {
    add("fn.gamma", 4);
    add("fn.weight", 4);
    assertEquals("fn.weight", used());
  }

  @Test
  void theFirstOfTwoOtherNamesIsUsed() {
    add("fn.scale", 4);
    add("fn.gamma", 4);
    assertEquals("fn.scale", used());
  }

  @Test
  void theRightShapeIsPreferredToTheNameInTheModel() {
    add("fn.weight", 5);
    add("fn.gamma", 4);
    assertEquals("fn.gamma", used());
  }

  @Test
  void aNameWithoutAWrapperIsPreferredToTheNameInTheModel() {
    add("fn.module.weight", 4);
    add("fn.gamma", 4);
    assertEquals("fn.gamma", used());
  }

  @Test
  void theRightShapeIsPreferredToANameWithoutAWrapper() {
    add("fn.weight", 5);
    add("fn.module.weight", 4);
    assertEquals("fn.module.weight", used());
    assertEquals(1, match().fitting());
  }

  @Test
  void aTensorOfAnotherShapeIsNotCounted() {
    add("fn.weight", 4);
    add("fn.bias", 5);
    assertEquals(1, match().fitting());
    assertEquals(2, match().tensors().size());
  }
}
