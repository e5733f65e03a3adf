package ai.transonnx.verification.internal.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Divides the values of a graph into slices that fit into memory one after the other. Slices end
 * where few values are read later.
 */
public final class Slices {
  private final GraphIndex index;
  private final Set<String> values;
  private final Map<String, Long> sizes;
  private final long[] live;

  private Slices(GraphIndex index, Set<String> values, Map<String, Long> sizes) {
    this.index = index;
    this.values = values;
    this.sizes = sizes;
    this.live = live();
  }

  /**
   * Divides values.
   *
   * @param values the values to divide; others count as not stored
   * @param sizes the size of each value
   * @param budget the sum of sizes in a slice; a larger value has a slice of its own
   * @return the slices in the order of the graph, none of them empty
   */
  public static List<List<String>> of(
      GraphIndex index, Set<String> values, Map<String, Long> sizes, long budget) {
    return new Slices(index, values, sizes).divide(budget);
  }

  /** The size of the values that are read after each node and were computed up to it. */
  private long[] live() {
    var change = new long[index.nodes().size() + 1];
    for (int i = 0; i < index.nodes().size(); i++) {
      for (var value : stored(i)) {
        change[i] += size(value);
        change[Math.max(i, index.lastRead(value).orElse(i))] -= size(value);
      }
    }
    long sum = 0;
    for (int i = 0; i < change.length; i++) {
      sum += change[i];
      change[i] = sum;
    }
    return change;
  }

  private List<List<String>> divide(long budget) {
    var slices = new ArrayList<List<String>>();
    int from = 0;
    int nodes = index.nodes().size();
    while (from < nodes) {
      int to = from;
      long sum = 0;
      var sums = new HashMap<Integer, Long>();
      while (to < nodes && (sum == 0 || sum + size(to) <= budget)) {
        sum += size(to);
        to++;
        sums.put(to, sum);
      }
      int end = to;
      for (int i = to - 1;
          to < nodes && i > from && Objects.requireNonNull(sums.get(i)) > sum / 2;
          i--) {
        end = live[i - 1] < live[end - 1] ? i : end;
      }
      var slice = new ArrayList<String>();
      for (int i = from; i < end; i++) {
        slice.addAll(stored(i));
      }
      if (!slice.isEmpty()) {
        slices.add(slice);
      }
      from = end;
    }
    return slices;
  }

  private List<String> stored(int node) {
    return GraphIndex.results(index.nodes().get(node)).stream().filter(values::contains).toList();
  }

  private long size(int node) {
    return stored(node).stream().mapToLong(this::size).sum();
  }

  private long size(String value) {
    return sizes.getOrDefault(value, 0L);
  }
}
