package ai.transonnx.verification;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Ways to split a sequence into chunks, at positions where errors of a state are likely. */
final class ChunkPlans {
  private ChunkPlans() {}

  /** Splits of a sequence of n positions, each a list of the lengths of its chunks. */
  static Set<List<Integer>> of(int n) {
    var splits = new LinkedHashSet<List<Integer>>();
    splits.add(List.of(n));
    splits.add(Collections.nCopies(n, 1));
    splits.add(cutAt(n, 1));
    splits.add(cutAt(n, n / 2));
    splits.add(cutAt(n, n - 1));
    splits.add(cutAt(n, 2, 4, 8, 16, 32, 64, 128, 256, 512)); // windows of powers of two
    splits.add(cutAt(n, 3, 5, 7, 9, 15, 17, 31, 33, 63, 65, 127, 129)); // around them
    splits.add(cutAt(n, 63, 64, 65, 66, 130, 131)); // blocks of 64, with single positions between
    return splits;
  }

  private static List<Integer> cutAt(int n, int... positions) {
    var chunks = new ArrayList<Integer>();
    int start = 0;
    for (int position : positions) {
      if (position > start && position < n) {
        chunks.add(position - start);
        start = position;
      }
    }
    chunks.add(n - start);
    return List.copyOf(chunks);
  }
}
