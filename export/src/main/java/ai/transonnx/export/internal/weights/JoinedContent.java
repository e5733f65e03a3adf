package ai.transonnx.export.internal.weights;

import ai.transonnx.export.weights.Content;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;

/** The concatenation of several contents. */
public final class JoinedContent implements Content {
  /** The first bytes of a content. */
  public record Piece(Content content, long length) {}

  private final List<Piece> pieces;
  private final long length;

  public JoinedContent(List<Piece> pieces) {
    this.pieces = List.copyOf(pieces);
    this.length = pieces.stream().mapToLong(Piece::length).reduce(0, Math::addExact);
  }

  @Override
  public ByteBuffer slice(long offset, int count) {
    Objects.checkFromIndexSize(offset, count, length);
    Objects.checkIndex(count, MAX_SLICE + 1);
    var joined = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    long start = offset;
    for (var piece : pieces) {
      if (start < piece.length()) {
        int some = (int) Math.min(joined.remaining(), piece.length() - start);
        joined.put(piece.content().slice(start, some));
        start = 0;
      } else {
        start -= piece.length();
      }
    }
    return joined.flip();
  }
}
