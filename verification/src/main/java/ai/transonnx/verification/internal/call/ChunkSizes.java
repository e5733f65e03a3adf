package ai.transonnx.verification.internal.call;

import ai.transonnx.runtime.CacheLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** The numbers of positions of the calls over one sequence: a prefill, single steps, pieces. */
record ChunkSizes(CacheLayout layout) {
  /** The shortest sequence after which a segment, group or ring is worth crossing. */
  private static final int SHORTEST = 4;

  private static final int STEPS = 3;
  private static final int PIECE = 5;

  /** The number of positions of a sequence that has all kinds of calls, but no boundary. */
  private static final int USUAL = 24;

  /** Sequences beyond a boundary are not made if they are longer than this. */
  private static final int LONGEST = 4096;

  /** The number of positions of a made sequence. */
  int length(int longest) {
    int boundary = boundary().orElse(0);
    int wanted = boundary > 0 && boundary < LONGEST ? boundary + STEPS + PIECE : USUAL;
    return Math.max(1, Math.min(longest, Math.max(wanted, USUAL)));
  }

  /** The number of positions after which slots are used again. */
  OptionalInt boundary() {
    if (layout.segmentLength().isPresent()) {
      return layout.segmentLength();
    }
    if (layout.groupSize().isPresent()) {
      return layout.groupSize();
    }
    return layout.ring().map(ring -> OptionalInt.of(ring.slots())).orElse(OptionalInt.empty());
  }

  /** The numbers of positions of consecutive calls over {@code n} positions. */
  List<Integer> of(int n) {
    var wanted = new ArrayList<Integer>();
    int left = n - prefill(n);
    wanted.add(prefill(n));
    for (int i = 0; i < STEPS && left > 0; i++, left--) {
      wanted.add(1);
    }
    while (left > 0) {
      int piece = wanted.size() == STEPS + 1 ? Math.min(PIECE, left) : left;
      wanted.add(piece);
      left -= piece;
    }
    return withinRoom(wanted);
  }

  /** The single steps are to cross the boundary: two before it, one after it. */
  private int prefill(int n) {
    int boundary = boundary().orElse(0);
    return boundary >= SHORTEST && boundary < n ? boundary - 2 : Math.max(1, n * 2 / 3);
  }

  private List<Integer> withinRoom(List<Integer> wanted) {
    var chunks = new ArrayList<Integer>();
    int before = 0;
    for (int chunk : wanted) {
      int end = before + chunk;
      while (before < end) {
        int count = Math.min(end - before, layout.room(before));
        chunks.add(count);
        before += count;
      }
    }
    return chunks;
  }
}
