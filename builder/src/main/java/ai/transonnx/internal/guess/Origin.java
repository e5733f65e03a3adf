package ai.transonnx.internal.guess;

import ai.transonnx.internal.xtransformers.Profile;
import ai.transonnx.internal.xtransformers.ReleaseEvidence;
import ai.transonnx.xtransformers.Release;
import ai.transonnx.xtransformers.ReleaseSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The library that wrote the tensors of a class of x-transformers.
 *
 * @param evidence the signs of its release
 * @param releases the releases that store such tensors, or the one that is given
 * @param profile one of them
 */
record Origin(ReleaseEvidence evidence, ReleaseSet releases, Profile profile) {
  private static final Pattern MODULE = Pattern.compile("\\blayers\\.\\d+\\.1\\.");

  static Origin of(Tensors tensors, Optional<Release> given) {
    if (isOfPort(tensors)) {
      var port = Profile.of(Release.PADDLE_PORT);
      return new Origin(ReleaseEvidence.NONE, ReleaseSet.NONE, port);
    }
    var evidence = ReleaseEvidence.of(tensors.shapes());
    var releases =
        given.map(release -> ReleaseSet.of(List.of(release))).orElseGet(evidence::releases);
    var one = releases.isEmpty() ? Release.DEFAULT : releases.representative();
    return new Origin(evidence, releases, Profile.of(one));
  }

  /** The port stores the weights of linear layers transposed, and has biases that tell. */
  private static boolean isOfPort(Tensors tensors) {
    for (var name : tensors.shapes().keySet()) {
      if (name.endsWith(".bias") && MODULE.matcher(name).find()) {
        var weight = name.substring(0, name.length() - "bias".length()) + "weight";
        long outputs = tensors.size(name, 0);
        long first = tensors.size(weight, 0);
        long second = tensors.size(weight, 1);
        if (second > 0 && first != second) {
          return second == outputs;
        }
      }
    }
    return tensors.hasLike("\\blayers\\.\\d+\\.1\\.(?:fn\\.)*+(net\\.|to_out\\.(0\\.)?bias)")
        && tensors.hasLike("\\blayers\\.\\d+\\.0\\.\\d\\.")
        && tensors.like("token_emb\\.emb\\.weight$").isEmpty();
  }

  boolean isPort() {
    return profile.release().isPort();
  }

  /** The name of the weight of a wrapper's token embeddings. */
  String tokenTable() {
    return String.join(".", profile.keys().tokenTable()) + ".weight";
  }

  /** The guess of these options. */
  Guess guess(Options options) {
    var guess = options.guess(profile.release().library().id());
    return isPort() ? guess : guess.with(new Guess.Releases(evidence, releases, profile.release()));
  }
}
