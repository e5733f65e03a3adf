package ai.transonnx.internal.xtransformers;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The kind of a layer. Immutable. */
public enum LayerKind {
  ATTENTION("a"),
  CROSS_ATTENTION("c"),
  FEED_FORWARD("f");

  private final String letter;

  LayerKind(String letter) {
    this.letter = letter;
  }

  /** The kind with this letter in {@code custom_layers}, or null if there is none. */
  public static @Nullable LayerKind of(String letter) {
    for (var kind : values()) {
      if (kind.letter.equals(letter)) {
        return kind;
      }
    }
    return null;
  }

  /** The kinds with these letters, which must all be valid. */
  static List<LayerKind> all(List<String> letters) {
    return letters.stream()
        .map(letter -> Arrays.stream(values()).filter(k -> k.letter.equals(letter)).findAny())
        .map(Optional::orElseThrow)
        .toList();
  }
}
