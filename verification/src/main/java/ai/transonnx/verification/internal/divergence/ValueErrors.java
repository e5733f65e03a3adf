package ai.transonnx.verification.internal.divergence;

import ai.transonnx.verification.internal.graph.GraphIndex;
import ai.transonnx.verification.internal.graph.ModulePath;
import ai.transonnx.verification.report.Divergence.ValueError;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The compared values of one runtime, in the order of the graph. For one thread. */
final class ValueErrors {
  /** If there are more values, only the worst of each module is reported. */
  private static final int MOST_REPORTED = 500;

  private final GraphIndex index;
  private final Map<String, ValueResult> results = new LinkedHashMap<>();

  ValueErrors(GraphIndex index) {
    this.index = index;
  }

  void add(ValueResult result) {
    results.put(result.value(), result);
  }

  void clear() {
    results.clear();
  }

  Optional<ValueResult> of(String value) {
    return Optional.ofNullable(results.get(value));
  }

  /**
   * The wrong values of nodes whose inputs are all right, in the order of the graph. A value that
   * was not compared is as right as the inputs of its node.
   */
  List<ValueResult> suspects() {
    var suspects = new ArrayList<ValueResult>();
    var wrong = new HashSet<String>();
    for (int i = 0; i < index.nodes().size(); i++) {
      boolean hasWrongInput = index.reads(i).stream().anyMatch(wrong::contains);
      for (var value : GraphIndex.results(index.nodes().get(i))) {
        var result = results.get(value);
        if (result == null ? hasWrongInput : result.isWrong()) {
          wrong.add(value);
        }
        if (result != null && result.isWrong() && !hasWrongInput) {
          suspects.add(result);
        }
      }
    }
    return suspects;
  }

  /** For the report: all values if they are few, else the worst of each module. */
  List<ValueError> reported() {
    if (results.size() <= MOST_REPORTED) {
      return results.values().stream().map(this::error).toList();
    }
    var worst = new LinkedHashMap<String, ValueError>();
    for (var result : results.values()) {
      worst.merge(error(result).module(), error(result), (a, b) -> b.ratio() > a.ratio() ? b : a);
    }
    return List.copyOf(worst.values());
  }

  private ValueError error(ValueResult result) {
    var node = index.nodes().get(index.producer(result.value()).orElseThrow());
    return new ValueError(
        result.value(),
        ModulePath.of(node),
        node.getOpType(),
        result.magnitude(),
        result.error(),
        result.tolerance(),
        result.ratio());
  }
}
