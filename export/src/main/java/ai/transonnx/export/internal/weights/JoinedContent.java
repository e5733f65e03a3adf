package ai.transonnx.export.internal.weights;

import ai.transonnx.export.weights.Content;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** The concatenation of several contents. */
public final class JoinedContent implements Content {
  /** The first bytes of a content. */
  public record Piece(Content content, long length) {}

  private final List<Piece> pieces;
  private final long[] starts;
  private final long length;

  public JoinedContent(List<Piece> pieces) {
    this.pieces = List.copyOf(pieces);
    this.starts = new long[pieces.size()];
    long end = 0;
    for (int i = 0; i < starts.length; i++) {
      starts[i] = end;
      end = Math.addExact(end, pieces.get(i).length());
    }
    this.length = end;
  }

  @Override
  public ByteBuffer slice(long offset, int count) {
    Objects.checkFromIndexSize(offset, count, length);
    Objects.checkIndex(count, MAX_SLICE + 1);
    var joined = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = pieceAt(offset); joined.hasRemaining(); i++) {
      long start = Math.max(0, offset - starts[i]);
      int some = (int) Math.min(joined.remaining(), pieces.get(i).length() - start);
      joined.put(pieces.get(i).content().slice(start, some));
    }
    return joined.flip();
  }

  /** The index of the last piece that begins at the offset or before it. */
  private int pieceAt(long offset) {
    int found = Arrays.binarySearch(starts, offset);
    return found >= 0 ? found : -found - 2;
  }
}
