package ai.transonnx.export.internal.weights;

import ai.transonnx.export.weights.Content;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * A tensor that is stored in tiles, which form a grid. Each dimension is cut at the same positions
 * everywhere, and the cuts need not be even.
 */
public final class TiledContent implements Content {
  /**
   * A part of the tensor.
   *
   * @param offsets the position of its first element in the tensor
   * @param content its elements in row-major order
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Tile(long[] offsets, long[] sizes, Content content) {}

  /** The cuts in each dimension, from 0 to its size; the last dimension in bytes. */
  private final long[][] cuts;

  /** The tiles in row-major order. */
  private final Content[] tiles;

  private final long length;

  private TiledContent(long[][] cuts, Content[] tiles) {
    this.cuts = cuts;
    this.tiles = tiles;
    long product = 1;
    for (var cut : cuts) {
      product *= cut[cut.length - 1];
    }
    this.length = product;
  }

  /**
   * The content of a tensor.
   *
   * @param shape the tensor's shape, with at least one element
   * @param tiles its parts, each with at least one element
   * @throws IllegalArgumentException if the tiles are not a grid that covers the tensor
   */
  public static Content of(long[] shape, int elementBytes, List<Tile> tiles) {
    var cuts = new long[shape.length][];
    long count = 1;
    for (int axis = 0; axis < shape.length; axis++) {
      cuts[axis] = cuts(axis, shape[axis], tiles);
      count = Math.multiplyExact(count, cuts[axis].length - 1L);
    }
    if (count != tiles.size()) {
      throw new IllegalArgumentException("%s parts form no grid".formatted(tiles.size()));
    }
    var cells = new Content[tiles.size()];
    for (var tile : tiles) {
      int cell = cell(tile, cuts);
      if (cells[cell] != null) {
        throw new IllegalArgumentException("two parts begin at " + Arrays.toString(tile.offsets()));
      }
      cells[cell] = tile.content();
    }
    return cells.length == 1 ? cells[0] : new TiledContent(inBytes(cuts, elementBytes), cells);
  }

  private static long[] cuts(int axis, long size, List<Tile> tiles) {
    var positions = new TreeSet<Long>(List.of(0L, size));
    tiles.forEach(tile -> positions.add(tile.offsets()[axis]));
    return positions.stream().mapToLong(Long::longValue).toArray();
  }

  private static int cell(Tile tile, long[][] cuts) {
    int cell = 0;
    for (int axis = 0; axis < cuts.length; axis++) {
      int index = Arrays.binarySearch(cuts[axis], tile.offsets()[axis]);
      if (index + 1 >= cuts[axis].length
          || cuts[axis][index + 1] - cuts[axis][index] != tile.sizes()[axis]) {
        throw new IllegalArgumentException(
            "the part %s at %s does not fit the others"
                .formatted(Arrays.toString(tile.sizes()), Arrays.toString(tile.offsets())));
      }
      cell = cell * (cuts[axis].length - 1) + index;
    }
    return cell;
  }

  /** Joins the dimensions after the last one that is cut with it, and counts bytes there. */
  private static long[][] inBytes(long[][] cuts, int elementBytes) {
    int last = cuts.length - 1;
    long inner = elementBytes;
    while (cuts[last].length == 2) {
      inner *= cuts[last--][1];
    }
    var joined = Arrays.copyOf(cuts, last + 1);
    long factor = inner;
    joined[last] = Arrays.stream(cuts[last]).map(cut -> cut * factor).toArray();
    return joined;
  }

  @Override
  public ByteBuffer slice(long offset, int count) {
    Objects.checkFromIndexSize(offset, count, length);
    Objects.checkIndex(count, MAX_SLICE + 1);
    var joined = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (joined.hasRemaining()) {
      copyRun(offset + joined.position(), joined);
    }
    return joined.flip();
  }

  /** Copies the bytes from a position on that follow each other in one tile as well. */
  private void copyRun(long position, ByteBuffer into) {
    long rest = position;
    long block = length;
    int cell = 0;
    long inTile = 0;
    long run = 0;
    for (var cut : cuts) {
      block /= cut[cut.length - 1];
      long index = rest / block;
      rest %= block;
      int at = Arrays.binarySearch(cut, index);
      at = at >= 0 ? at : -at - 2;
      cell = cell * (cut.length - 1) + at;
      inTile = inTile * (cut[at + 1] - cut[at]) + index - cut[at];
      run = cut[at + 1] - index;
    }
    int some = (int) Math.min(into.remaining(), run);
    into.put(tiles[cell].slice(inTile, some));
  }
}
