package ai.transonnx.internal.xtransformers;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a layer does. */
public enum LayerKind {
  ATTENTION("a"),
  CROSS_ATTENTION("c"),
  FEED_FORWARD("f");

  private final String letter;

  LayerKind(String letter) {
    this.letter = letter;
  }

  public static @Nullable LayerKind of(String letter) {
    for (var kind : values()) {
      if (kind.letter.equals(letter)) {
        return kind;
      }
    }
    return null;
  }

  /** The kinds of letters that are all known. */
  static List<LayerKind> all(List<String> letters) {
    return letters.stream()
        .map(letter -> Arrays.stream(values()).filter(k -> k.letter.equals(letter)).findAny())
        .map(Optional::orElseThrow)
        .toList();
  }
}
