package ai.transonnx.export.internal.binding;

import ai.transonnx.export.weights.WeightTensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of a set that its matches leave over. A tensor is left over from the match with the
 * longest prefix that its name has; other matches pass it over.
 */
final class Leftovers {
  /** A match, within the one with the next shorter prefix of its prefix. */
  private record Node(PrefixMatch match, @Nullable Node outer) {}

  private final WantedTensors wanted;
  private final Collection<NamePattern> unused;
  private final TreeMap<String, Node> byPrefix = new TreeMap<>();
  private final Set<String> used = new HashSet<>();
  private final Map<String, List<WeightTensor>> unknown = new HashMap<>();

  /**
   * Finds the tensors that are left over.
   *
   * @param unused the names of tensors that the class may have and does not use
   */
  Leftovers(
      Collection<WeightTensor> tensors,
      Collection<PrefixMatch> matches,
      WantedTensors wanted,
      Collection<NamePattern> unused) {
    this.wanted = wanted;
    this.unused = unused;
    nest(matches);
    for (var tensor : tensors) {
      var match = innermost(tensor.name());
      if (match != null && !used.contains(tensor.name()) && !isKnown(match, tensor)) {
        unknown.computeIfAbsent(match.prefix(), prefix -> new ArrayList<>()).add(tensor);
      }
    }
  }

  private void nest(Collection<PrefixMatch> matches) {
    var sorted = new TreeMap<String, PrefixMatch>();
    for (var match : matches) {
      sorted.put(match.prefix(), match);
      match.tensors().values().forEach(tensor -> used.add(tensor.name()));
    }
    var open = new ArrayDeque<Node>();
    for (var match : sorted.values()) {
      while (!open.isEmpty() && !match.prefix().startsWith(open.element().match.prefix())) {
        open.pop();
      }
      var node = new Node(match, open.peek());
      open.push(node);
      byPrefix.put(match.prefix(), node);
    }
  }

  private boolean isKnown(PrefixMatch match, WeightTensor tensor) {
    String name = match.nameOf(tensor);
    return wanted.isCopy(name) || unused.stream().anyMatch(pattern -> pattern.matches(name));
  }

  /** The match with the longest prefix of a name. */
  private @Nullable PrefixMatch innermost(String name) {
    var floor = byPrefix.floorEntry(name);
    if (floor == null) {
      return null;
    }
    String prefix = floor.getKey();
    int common = 0;
    while (common < Math.min(prefix.length(), name.length())
        && prefix.charAt(common) == name.charAt(common)) {
      common++;
    }
    @Nullable Node node = floor.getValue();
    while (node != null && node.match.prefix().length() > common) {
      node = node.outer;
    }
    return node == null ? null : node.match;
  }

  /** The tensors within a match that the model does not know. */
  List<WeightTensor> unknown(PrefixMatch match) {
    return unknown.getOrDefault(match.prefix(), List.of());
  }

  /** Whether a tensor belongs to a match, and not to something beside it or to one within it. */
  boolean isWithin(PrefixMatch match, WeightTensor tensor) {
    var innermost = innermost(tensor.name());
    return innermost != null && innermost.prefix().equals(match.prefix());
  }
}
