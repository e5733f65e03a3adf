package ai.transonnx.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ElementTypeTest {
  @ParameterizedTest
  @EnumSource
  void isFoundByItsNameAndByItsNumber(ElementType type) {
    assertEquals(Optional.of(type), ElementType.named(type.toString()));
    assertEquals(Optional.of(type), ElementType.ofOnnxNumber(type.onnxNumber()));
  }

  @Test
  void otherNamesAndNumbersAreNone() {
    assertEquals(Optional.empty(), ElementType.named("FLOAT32"));
    assertEquals(Optional.empty(), ElementType.ofOnnxNumber(0));
  }
}
