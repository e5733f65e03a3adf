package ai.transonnx.runtime.generation;

import ai.transonnx.runtime.LogitRows;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/**
 * The rows of a generation, and the loops that compute them. For one thread.
 *
 * @param <L> the type of the loops
 */
final class RowGroups<L extends LogitRows> implements AutoCloseable {
  private final List<RowGroup<L>> groups = new ArrayList<>();
  private final Map<Integer, RowGroup<L>> groupOfRow = new HashMap<>();

  /**
   * A loop and the rows that it computes, in its order.
   *
   * @param <L> the type of the loop
   */
  record RowGroup<L extends LogitRows>(L loop, List<Integer> rows) {}

  /**
   * Groups of prompts of the same length, so that no row is padded.
   *
   * @param request whose prompts each have 1 or more tokens
   * @param opener opens the loop of some rows
   */
  static <L extends LogitRows> RowGroups<L> byLength(
      GenerationRequest request, Function<List<Integer>, L> opener) {
    var byLength = new TreeMap<Integer, List<Integer>>();
    for (int row = 0; row < request.rows(); row++) {
      byLength.computeIfAbsent(request.prompt(row).length, n -> new ArrayList<>()).add(row);
    }
    var groups = new RowGroups<L>();
    try {
      byLength.values().forEach(rows -> groups.add(opener.apply(rows), rows));
      return groups;
    } catch (RuntimeException | Error e) {
      groups.close();
      throw e;
    }
  }

  /** The inputs of selected rows. */
  static Map<String, Tensor> inputs(
      OnnxModel model, Map<String, Tensor> inputs, List<Integer> rows) {
    var signature = model.signature();
    var selected = new TreeMap<String, Tensor>();
    inputs.forEach(
        (name, tensor) -> selected.put(name, signature.hasRows(name) ? tensor.rows(rows) : tensor));
    return selected;
  }

  /** Adds a loop, which computes these rows from now on. */
  void add(L loop, List<Integer> rows) {
    var group = new RowGroup<>(loop, rows);
    groups.add(group);
    rows.forEach(row -> groupOfRow.put(row, group));
  }

  /** Removes a loop, which stays open. */
  void remove(RowGroup<L> group) {
    groups.remove(group);
    groupOfRow.values().removeIf(group::equals);
  }

  /** The groups; adding and removing does not change the list. */
  List<RowGroup<L>> all() {
    return List.copyOf(groups);
  }

  /** The groups with a row that has not stopped. */
  Stream<RowGroup<L>> running(IntPredicate isStopped) {
    return groups.stream().filter(group -> !group.rows.stream().allMatch(isStopped::test));
  }

  /** The loop of a row. */
  L loop(int row) {
    return group(row).loop;
  }

  /** The index of a row in its loop. */
  int index(int row) {
    return group(row).rows.indexOf(row);
  }

  private RowGroup<L> group(int row) {
    return Objects.requireNonNull(groupOfRow.get(row));
  }

  /** The number of loops. */
  int count() {
    return groups.size();
  }

  /** See {@link RowLoops#recomputing}. */
  Optional<String> recomputing() {
    return groups.stream().flatMap(group -> group.loop.recomputeReason().stream()).findFirst();
  }

  /** See {@link RowLoops#vocabulary}. */
  int vocabulary() {
    return groups.get(0).loop.vocabulary();
  }

  /** See {@link RowLoops#logits}. */
  void logits(int row, float[] into) {
    loop(row).logits(index(row), into);
  }

  @Override
  public void close() {
    groups.forEach(group -> group.loop.close());
  }
}
