package ai.transonnx.internal.xtransformers;

import ai.transonnx.graph.Shape;
import ai.transonnx.xtransformers.Release;
import ai.transonnx.xtransformers.ReleaseSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The signs of releases among the tensors of a model.
 *
 * <p>Immutable; threads may share it.
 */
public final class ReleaseEvidence {
  /** A sign, and how a tensor shows it. */
  private record Observation(Sign sign, String description) {}

  /** No tensors. */
  public static final ReleaseEvidence NONE = new ReleaseEvidence(List.of());

  private final List<Observation> observations;

  private ReleaseEvidence(List<Observation> observations) {
    this.observations = List.copyOf(observations);
  }

  /** The evidence of tensors, by their names within the model. */
  public static ReleaseEvidence of(Map<String, Shape> shapes) {
    var found = new LinkedHashMap<Sign, Observation>();
    for (var name : shapes.keySet()) {
      for (var sign : ReleaseSigns.ALL) {
        if (!found.containsKey(sign) && sign.appliesTo(name, shapes)) {
          found.put(sign, new Observation(sign, sign.describe(name, shapes)));
        }
      }
    }
    return new ReleaseEvidence(List.copyOf(found.values()));
  }

  /** The releases that store all of these tensors; none if the tensors are of several releases. */
  public ReleaseSet releases() {
    return ReleaseSet.ALL.only(
        release -> observations.stream().allMatch(one -> one.sign().allows(release)));
  }

  /** The reason for which a release has not written these tensors; empty if it may have. */
  public Optional<String> contradiction(Release release) {
    return observations.stream()
        .filter(one -> !one.sign().allows(release))
        .findFirst()
        .map(
            one ->
                "the tensors are of release %s: %s"
                    .formatted(one.sign().releases(), one.description()));
  }
}
