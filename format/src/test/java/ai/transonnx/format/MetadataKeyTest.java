package ai.transonnx.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class MetadataKeyTest {
  @Test
  void keysBeginWithTheProjectsName() {
    assertEquals("transonnx.max_length", MetadataKey.MAX_LENGTH.key());
    assertEquals("max_length", MetadataKey.MAX_LENGTH.toString());
  }

  @Test
  void aParameterFollowsItsKey() {
    var tokens = MetadataKey.NUM_TOKENS;
    assertEquals("transonnx.num_tokens.src", tokens.key("src"));
    assertEquals(Optional.of("src"), tokens.parameterOf("transonnx.num_tokens.src"));
    assertEquals(Optional.empty(), tokens.parameterOf("transonnx.num_tokens"));
    assertEquals(Optional.empty(), tokens.parameterOf("transonnx.max_length"));
    assertEquals(Optional.empty(), MetadataKey.STATE.parameterOf("transonnx.state.src"));
  }

  @Test
  void aKeyHasItsParameterOrNone() {
    assertThrows(IllegalStateException.class, MetadataKey.NUM_TOKENS::key);
    assertThrows(IllegalStateException.class, () -> MetadataKey.STATE.key("src"));
  }
}
