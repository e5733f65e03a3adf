package ai.transonnx.internal.guess;

import ai.transonnx.internal.xtransformers.Profile;
import ai.transonnx.internal.xtransformers.ReleaseEvidence;
import ai.transonnx.xtransformers.Release;
import java.util.regex.Pattern;

/**
 * The library that wrote the tensors of a class of x-transformers.
 *
 * @param evidence the signs of its release
 * @param profile one of its releases that store such tensors
 */
record Origin(ReleaseEvidence evidence, Profile profile) {
  private static final Pattern MODULE = Pattern.compile("\\blayers\\.\\d+\\.1\\.");

  static Origin of(Tensors tensors) {
    if (isOfPort(tensors)) {
      return new Origin(ReleaseEvidence.NONE, Profile.of(Release.PADDLE_PORT));
    }
    var evidence = ReleaseEvidence.of(tensors.shapes());
    var releases = evidence.releases();
    return new Origin(
        evidence, Profile.of(releases.isEmpty() ? Release.DEFAULT : releases.representative()));
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

  /** The library's name. */
  String library() {
    return profile.release().library().id();
  }
}
