package ai.transonnx.export.binding;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NearestNameTest {
  @Test
  void countsEdits() {
    assertEquals(0, NearestName.distance("weight", "weight"));
    assertEquals(6, NearestName.distance("", "weight"));
    assertEquals(3, NearestName.distance("kitten", "sitting"));
    assertEquals(2, NearestName.distance("weihgt", "weight"));
  }

  @Test
  void picksTheFewestEditsAndThenTheFirstInOrder() {
    var names = List.of("net.2.weight", "net.1.weight", "net.1.weights");
    assertEquals(Optional.of("net.1.weight"), NearestName.of("net.0.weight", names));
    assertEquals(Optional.of("net.1.weights"), NearestName.of("net.1.weightss", names));
  }

  @Test
  void doesNotGuessAtRandom() {
    assertEquals(Optional.empty(), NearestName.of("to_logits.bias", List.of("net.0.norm.gamma")));
    assertEquals(Optional.empty(), NearestName.of("to_logits.bias", List.of()));
  }
}
