package ai.transonnx.runtime.internal.scan;

import ai.transonnx.format.internal.Printable;
import ai.transonnx.runtime.internal.scan.Operators.Name;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Computes the size of a model after each call of a function is replaced by the function's nodes,
 * which is the first thing that ONNX Runtime does. Nothing is expanded.
 */
final class Expansion {
  /** The characters that ONNX Runtime adds to each name of an expanded function. */
  private static final long PREFIX = 32;

  private final Source source;
  private final Map<Name, List<FunctionScan>> functions = new HashMap<>();
  private final Map<FunctionScan, Size> sizes = new HashMap<>();
  private final Set<FunctionScan> open = new HashSet<>();
  private final Set<String> names = new HashSet<>();

  Expansion(Source source) {
    this.source = source;
  }

  /**
   * An expanded graph or function.
   *
   * @param nodes the number of nodes
   * @param calls the number of expanded calls
   * @param depth the number of graphs and calls around the most deeply nested node
   * @param texts the number of names of nodes and values
   * @param references the number of uses of a function's own attributes
   * @param bytes the size of the nodes
   */
  private record Size(
      long nodes, long calls, long depth, long texts, long references, long bytes) {}

  void add(FunctionScan function) {
    var name = function.name();
    if (!names.add(name.domain() + '\0' + name.type() + '\0' + function.overload())) {
      throw source.error("it has two functions " + text(name));
    }
    functions.computeIfAbsent(name, unused -> new ArrayList<>()).add(function);
  }

  /** Checks the expanded size of each function, and of the graph with these operators. */
  void check(Operators graph) {
    for (var overloads : functions.values()) {
      overloads.forEach(function -> size(function, 1));
    }
    size(graph, 0);
  }

  private Size size(FunctionScan function, int depth) {
    var known = sizes.get(function);
    if (known != null) {
      return known;
    }
    if (!open.add(function)) {
      throw source.error("function %s calls itself".formatted(text(function.name())));
    }
    var size = size(function.operators(), depth);
    open.remove(function);
    sizes.put(function, size);
    return size;
  }

  /** The size of nodes that are {@code depth} calls deep in the recursion of this method. */
  private Size size(Operators operators, int depth) {
    requireDepth(depth);
    long nodes = 0;
    long calls = 0;
    long deepest = operators.deepest();
    long texts = 0;
    long references = 0;
    long added = 0;
    for (var entry : operators.uses().entrySet()) {
      var use = entry.getValue();
      nodes += use.nodes();
      texts += use.texts();
      var called = functions.get(entry.getKey());
      if (called == null) {
        references += use.references();
        continue;
      }
      calls += use.nodes();
      for (var function : called) {
        checkCall(use, function);
        var size = size(function, depth + 1);
        nodes = sum(nodes, product(use.nodes(), size.nodes));
        calls = sum(calls, product(use.nodes(), size.calls));
        deepest = Math.max(deepest, use.deepest() + 1 + size.depth);
        texts = sum(texts, product(use.nodes(), size.texts));
        references = sum(references, product(use.references(), size.references));
        long renamed = product(size.texts, PREFIX + function.name().type().length());
        long given = sum(use.attributeBytes(), product(use.nodes(), function.defaultBytes()));
        added = sum(added, product(use.nodes(), sum(size.bytes, renamed)));
        added = sum(added, product(given, size.references));
      }
    }
    requireDepth(deepest);
    source.atMost(nodes, Limits.NODES, "nodes after the expansion of functions");
    source.atMost(calls, Limits.CALLS, "calls of functions after their expansion");
    source.atMost(added, Limits.EXPANDED_BYTES, "bytes of nodes that replace calls of functions");
    return new Size(nodes, calls, deepest, texts, references, sum(operators.bytes(), added));
  }

  private void checkCall(Operators.Use use, FunctionScan function) {
    requireArity(function, "inputs", function.inputs(), use.mostInputs());
    requireArity(function, "outputs", function.outputs(), use.mostOutputs());
    if (use.passesGraph()) {
      throw source.error(
          "a call gives function %s a graph, which is not supported"
              .formatted(text(function.name())));
    }
  }

  private void requireArity(FunctionScan function, String kind, int most, int given) {
    if (given > most) {
      throw source.error(
          "function %s has %s %s, and a call gives it %s"
              .formatted(text(function.name()), most, kind, given));
    }
  }

  private void requireDepth(long depth) {
    if (depth > Limits.DEPTH) {
      throw source.error(
          "graphs and functions are nested more than %s deep, the most that can be loaded"
              .formatted(Limits.DEPTH));
    }
  }

  private static long sum(long a, long b) {
    long sum = a + b;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  private static long product(long a, long b) {
    return a == 0 || b <= Long.MAX_VALUE / a ? a * b : Long.MAX_VALUE;
  }

  private static String text(Name name) {
    return Printable.quoted(
        name.domain().isEmpty() ? name.type() : name.domain() + "." + name.type());
  }
}
