package ai.transonnx.export.internal.binding;

import java.util.List;
import java.util.Optional;

/**
 * The prefix that the user specified, if any. It selects the matches with this prefix, or else
 * those whose prefix begins with it.
 *
 * @param text the prefix, with its dot
 */
record RequestedPrefix(Optional<String> text) {
  /** A prefix; a dot is added if it does not end with one. */
  static RequestedPrefix of(Optional<String> given) {
    return new RequestedPrefix(
        given.map(text -> text.isEmpty() || text.endsWith(".") ? text : text + "."));
  }

  /** Whether it may select a match. */
  boolean allows(PrefixMatch match) {
    String prefix = match.prefix();
    return text.map(given -> prefix.equals(given) || (!given.isEmpty() && prefix.startsWith(given)))
        .orElse(true);
  }

  /** Those of the candidates that it selects. */
  List<Candidate> select(List<Candidate> candidates) {
    var equal =
        candidates.stream().filter(one -> text.equals(Optional.of(one.match().prefix()))).toList();
    return equal.isEmpty()
        ? candidates.stream().filter(one -> allows(one.match())).toList()
        : equal;
  }
}
