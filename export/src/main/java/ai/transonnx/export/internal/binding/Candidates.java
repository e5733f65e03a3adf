package ai.transonnx.export.internal.binding;

import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.export.weights.WeightSet;
import ai.transonnx.graph.Parameter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Searches a file for the tensors of a model, in every state dict and after every prefix.
 *
 * @param wanted the tensors of the model
 * @param unused the names of tensors that the class may have and does not use
 * @param prefix limits the search
 */
record Candidates(WantedTensors wanted, Collection<NamePattern> unused, RequestedPrefix prefix) {
  private static final Comparator<PrefixMatch> BEST_FIRST =
      Comparator.comparingInt(PrefixMatch::promising)
          .thenComparingInt(match -> match.tensors().size())
          .reversed();

  /** A search for the tensors of parameters. */
  static Candidates of(Collection<Parameter> parameters, NameRules rules) {
    return new Candidates(
        WantedTensors.of(parameters, rules.shared()),
        rules.unused().stream().map(NamePattern::of).toList(),
        RequestedPrefix.of(rules.prefix()));
  }

  /** This search without its limit. */
  Candidates withAnyPrefix() {
    return new Candidates(wanted, unused, RequestedPrefix.of(Optional.empty()));
  }

  /** Those with all required tensors in their shapes, in the order of the file. */
  List<Candidate> fitting(WeightFile file) {
    var fitting = new ArrayList<Candidate>();
    for (var set : file.sets()) {
      var complete =
          matches(set).stream().filter(one -> one.fitting() == wanted.required()).toList();
      fitting.addAll(candidates(set, complete));
    }
    return prefix.select(fitting);
  }

  /** The best of each state dict, those with the most of the required tensors first. */
  List<Candidate> nearest(WeightFile file) {
    var nearest = new ArrayList<Candidate>();
    for (var set : file.sets()) {
      var best = matches(set).stream().filter(prefix::allows).min(BEST_FIRST);
      nearest.addAll(candidates(set, best.stream().toList()));
    }
    nearest.sort(Comparator.comparing(Candidate::match, BEST_FIRST));
    return nearest;
  }

  /** The matches of a set. A model without required tensors matches any set without a prefix. */
  private List<PrefixMatch> matches(WeightSet set) {
    var matches = PrefixSearch.of(set, wanted);
    if (wanted.required() > 0) {
      return matches;
    }
    var first = matches.stream().filter(match -> match.prefix().isEmpty()).findFirst();
    return List.of(first.orElse(PrefixMatch.NONE));
  }

  /** The candidates of a set, by their matches. */
  List<Candidate> candidates(WeightSet set, List<PrefixMatch> matches) {
    if (matches.isEmpty()) {
      return List.of();
    }
    var leftovers = new Leftovers(set.tensors().values(), matches, wanted, unused);
    return matches.stream().map(match -> new Candidate(set, match, leftovers)).toList();
  }
}
