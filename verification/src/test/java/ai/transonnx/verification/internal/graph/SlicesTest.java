package ai.transonnx.verification.internal.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SlicesTest {
  private static GraphIndex chain() {
    var model =
        new SampleModel()
            .add(SampleModel.node("Abs", List.of("x"), "a"))
            .add(SampleModel.node("Abs", List.of("a"), "b"))
            .add(SampleModel.node("Abs", List.of("b"), "c"))
            .add(SampleModel.node("Abs", List.of("c"), "d"));
    return GraphIndex.of(model.proto().getGraph());
  }

  @Test
  void aSliceHasAsManyValuesAsFit() {
    var sizes = Map.of("a", 4L, "b", 4L, "c", 4L, "d", 4L);
    assertEquals(
        List.of(List.of("a", "b"), List.of("c", "d")),
        Slices.of(chain(), Set.of("a", "b", "c", "d"), sizes, 9));
  }

  @Test
  void aValueThatIsTooLargeHasASliceOfItsOwn() {
    var sizes = Map.of("a", 4L, "b", 100L, "c", 4L, "d", 4L);
    assertEquals(
        List.of(List.of("a"), List.of("b"), List.of("c", "d")),
        Slices.of(chain(), Set.of("a", "b", "c", "d"), sizes, 9));
  }

  @Test
  void aSliceEndsWhereLittleIsReadLater() {
    var sizes = Map.of("a", 4L, "b", 1L, "c", 4L, "d", 4L);
    assertEquals(
        List.of(List.of("a", "b"), List.of("c"), List.of("d")),
        Slices.of(chain(), Set.of("a", "b", "c", "d"), Map.copyOf(sizes), 5));
    var narrow = Map.of("a", 6L, "b", 1L, "c", 5L, "d", 1L);
    assertEquals(
        List.of(List.of("a", "b"), List.of("c", "d")),
        Slices.of(chain(), Set.of("a", "b", "c", "d"), narrow, 12));
  }

  @Test
  void onlySomeValuesAreDivided() {
    assertEquals(
        List.of(List.of("b", "d")),
        Slices.of(chain(), Set.of("b", "d"), Map.of("b", 4L, "d", 4L), 9));
  }
}
