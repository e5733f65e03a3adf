package ai.transonnx.format.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SpellingTest {
  private static final List<String> NAMES = List.of("depth", "dim", "ff_mult", "max_seq_len");

  @Test
  void theNearestNameIsSuggested() {
    assertEquals(Optional.of("max_seq_len"), Spelling.nearest("max_seqlen", NAMES));
    assertEquals(Optional.of("depth"), Spelling.nearest("detph", NAMES));
  }

  @Test
  void aNameThatIsFarFromAllIsNotSuggested() {
    assertEquals(Optional.empty(), Spelling.nearest("rotary_pos_emb", NAMES));
  }

  @Test
  void distanceCountsSingleCharacters() {
    assertEquals(3, Spelling.distance("kitten", "sitting"));
    assertEquals(5, Spelling.distance("", "depth"));
  }
}
