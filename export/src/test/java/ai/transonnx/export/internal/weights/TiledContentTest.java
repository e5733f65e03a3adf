package ai.transonnx.export.internal.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.export.internal.weights.TiledContent.Tile;
import ai.transonnx.export.weights.Content;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class TiledContentTest {
  private static final long[] SHAPE = {5, 7, 3};

  /** The tiles of a tensor whose elements of two bytes are their own positions. */
  private static List<Tile> tiles(long[]... cuts) {
    var tiles = new ArrayList<Tile>();
    for (int i = 1; i < cuts[0].length; i++) {
      for (int j = 1; j < cuts[1].length; j++) {
        for (int k = 1; k < cuts[2].length; k++) {
          var offsets = new long[] {cuts[0][i - 1], cuts[1][j - 1], cuts[2][k - 1]};
          var sizes =
              new long[] {
                cuts[0][i] - offsets[0], cuts[1][j] - offsets[1], cuts[2][k] - offsets[2]
              };
          tiles.add(new Tile(offsets, sizes, content(offsets, sizes)));
        }
      }
    }
    return tiles;
  }

  private static Content content(long[] offsets, long[] sizes) {
    var bytes = ByteBuffer.allocate((int) (2 * sizes[0] * sizes[1] * sizes[2]));
    for (long i = offsets[0]; i < offsets[0] + sizes[0]; i++) {
      for (long j = offsets[1]; j < offsets[1] + sizes[1]; j++) {
        for (long k = offsets[2]; k < offsets[2] + sizes[2]; k++) {
          bytes.putShort((short) ((i * SHAPE[1] + j) * SHAPE[2] + k));
        }
      }
    }
    return (offset, length) -> bytes.slice((int) offset, length);
  }

  private static byte[] read(Content content, int piece) {
    int size = (int) (2 * SHAPE[0] * SHAPE[1] * SHAPE[2]);
    var bytes = new byte[size];
    for (int at = 0; at < size; at += piece) {
      int some = Math.min(piece, size - at);
      content.slice(at, some).get(bytes, at, some);
    }
    return bytes;
  }

  @Test
  void tilesAreJoinedInAnyOrderAndReadInAnySlices() {
    var expected = read(content(new long[3], SHAPE), 1000);
    var whole = new long[][] {{0, 5}, {0, 7}, {0, 3}};
    var cut = new long[][] {{0, 1, 5}, {0, 2, 3, 7}, {0, 2, 3}};
    for (int axes = 0; axes < 8; axes++) {
      var cuts = new long[3][];
      for (int axis = 0; axis < 3; axis++) {
        cuts[axis] = (axes >> axis & 1) == 0 ? whole[axis] : cut[axis];
      }
      var tiles = tiles(cuts);
      Collections.reverse(tiles);
      var content = TiledContent.of(SHAPE, 2, tiles);
      for (int piece : new int[] {1, 3, 16, 1000}) {
        assertArrayEquals(expected, read(content, piece));
      }
    }
  }

  private static String problem(List<Tile> tiles) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> TiledContent.of(SHAPE, 2, tiles))
            .getMessage());
  }

  @Test
  void tilesThatCoverNoGridAreRefused() {
    var tiles = tiles(new long[][] {{0, 1, 5}, {0, 7}, {0, 3}});
    assertEquals("1 parts form no grid", problem(tiles.subList(1, 2)));
    var four = tiles(new long[][] {{0, 1, 5}, {0, 2, 7}, {0, 3}});
    four.set(3, four.get(0));
    assertEquals("two parts begin at [0, 0, 0]", problem(four));
    var short2 = new Tile(new long[] {1, 0, 0}, new long[] {3, 7, 3}, tiles.get(1).content());
    assertEquals(
        "the part [3, 7, 3] at [1, 0, 0] does not fit the others",
        problem(List.of(tiles.get(0), short2)));
    var beyond = new Tile(new long[] {6, 0, 0}, new long[] {1, 7, 3}, tiles.get(1).content());
    assertEquals(
        "the part [1, 7, 3] at [6, 0, 0] does not fit the others",
        problem(List.of(new Tile(new long[3], SHAPE, beyond.content()), beyond)));
  }
}
