package ai.transonnx.verification.internal.divergence;

import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.proto.ValueInfoProto;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.internal.graph.GraphIndex;
import ai.transonnx.verification.internal.graph.ModulePath;
import ai.transonnx.verification.report.Divergence;
import ai.transonnx.verification.runner.ModelRunner;
import ai.transonnx.verification.runner.RunnerException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The search in one runtime. For one thread. */
final class RuntimeSearch {
  private static final int MOST_SUSPECTS = 8;

  private final DivergenceSearch search;
  private final Scratch scratch;
  private final Reference reference;
  private final ModelProto model;
  private final GraphIndex index;
  private final ModelRunner runner;
  private final ExposedValues exposed;
  private final ValueErrors errors;

  /** The outputs of the unchanged model, until they are compared. */
  private final Map<String, Tensor> outputs;

  private final List<ValueResult> wrongOutputs = new ArrayList<>();

  /** Computes the next slice from those before it; null if the whole model is run. */
  private @Nullable Function<List<String>, Map<String, Tensor>> parts;

  RuntimeSearch(
      DivergenceSearch search,
      Scratch scratch,
      Reference reference,
      ModelProto model,
      ModelRunner runner) {
    this.search = search;
    this.scratch = scratch;
    this.reference = reference;
    this.model = model;
    this.index = GraphIndex.of(model.getGraph());
    this.runner = runner;
    this.exposed = new ExposedValues(scratch, runner, model, search.inputs());
    this.errors = new ValueErrors(index);
    this.outputs = new HashMap<>(run(model));
  }

  /** The runtime's name. */
  String name() {
    return runner.name();
  }

  /** Starts to compare slices, each computed by the runtime from those before it. */
  void startParts(List<List<String>> slices) {
    var values = new PartValues(scratch, runner, model, slices, search.inputs());
    parts = slice -> values.next();
  }

  /** Starts to compare slices again, each as outputs of the whole model. */
  void startWhole() {
    parts = null;
    errors.clear();
    wrongOutputs.clear();
    outputs.putAll(run(model));
  }

  /**
   * Whether the unchanged model is wrong and no value was, because parts of the model are computed
   * otherwise.
   */
  boolean isUnexplained() {
    return parts != null && !wrongOutputs.isEmpty() && errors.suspects().isEmpty();
  }

  /** Compares the values of a slice. */
  void compare(List<String> slice, Map<String, Bound> expected) {
    var compared = slice.stream().filter(expected::containsKey).toList();
    values(slice)
        .forEach(
            (name, tensor) -> {
              var bound = expected.get(name);
              if (bound != null) {
                errors.add(bound.compare(name, tensor, search.factor()));
              }
            });
    for (var name : compared) {
      var output = outputs.remove(name);
      if (output != null) {
        var result = bound(expected, name).compare(name, output, search.factor());
        if (result.isWrong()) {
          wrongOutputs.add(result);
        }
      }
    }
  }

  /** The values of parts, as long as the runtime computes these. */
  private Map<String, Tensor> values(List<String> slice) {
    if (parts != null) {
      try {
        return parts.apply(slice);
      } catch (RunnerException e) {
        parts = null;
      }
    }
    return exposed.of(slice);
  }

  private Map<String, Tensor> run(ModelProto whole) {
    var names = whole.getGraph().getOutputList().stream().map(ValueInfoProto::getName).toList();
    return scratch.spilled(scratch.run(runner, whole, search.inputs(), names));
  }

  /** Where the runtime begins to be wrong; empty if nothing is. */
  Optional<Divergence> locate() {
    var confirmation =
        new Confirmation(
            scratch, reference, search.factor(), model, search.inputs(), runner, errors);
    var suspects = errors.suspects();
    for (var suspect : suspects.subList(0, Math.min(MOST_SUSPECTS, suspects.size()))) {
      var fault = confirmation.of(suspect.value());
      if (fault.isPresent()) {
        return Optional.of(divergence(fault.get()));
      }
    }
    var hidden =
        new HiddenFault(reference, search.factor(), model, index, search.inputs(), exposed, errors);
    for (var output : wrongOutputs) {
      var fault = confirmation.of(hidden.firstWrong(output.value()));
      if (fault.isPresent()) {
        return Optional.of(divergence(fault.get()));
      }
    }
    return wrongOutputs.stream().findFirst().map(output -> unconfirmed(output, suspects));
  }

  private Divergence divergence(Fault fault) {
    var node = node(fault.value());
    var title = title(fault.result(), node);
    var description =
        fault.nodes() == 1
            ? title + ", although its inputs are right."
            : title
                + ", but only together with %s operators before it: the runtime fuses them."
                    .formatted(fault.nodes() - 1);
    var target = search.reproductions().map(this::folder).orElse(null);
    if (target != null) {
      new Reproduction(search.file(), fault, runner.fingerprint(), title + ".").write(target);
    }
    return divergence(fault.result(), node, description, target == null ? null : target.toString());
  }

  /** The fault is in the whole model alone. */
  private Divergence unconfirmed(ValueResult output, List<ValueResult> suspects) {
    if (suspects.isEmpty()) {
      var description =
          title(output, node(output.value()))
              + ", but is right if intermediate values are outputs: the runtime fuses operators.";
      return divergence(output, node(output.value()), description, null);
    }
    var suspect = suspects.get(0);
    var description =
        title(suspect, node(suspect.value()))
            + ", although its inputs are right. No part of the graph alone shows it.";
    return divergence(suspect, node(suspect.value()), description, null);
  }

  private Divergence divergence(
      ValueResult result, NodeProto node, String description, @Nullable String reproduction) {
    return new Divergence(
        search.call(),
        ModulePath.of(node),
        node.getName(),
        node.getOpType(),
        result.value(),
        result.error(),
        result.tolerance(),
        description,
        errors.reported(),
        reproduction);
  }

  private static String title(ValueResult result, NodeProto node) {
    var where = ModulePath.of(node).isEmpty() ? "" : " of " + ModulePath.of(node);
    if (Double.isInfinite(result.error())) {
      return "%s%s returns another shape, or NaN or infinity, as '%s'"
          .formatted(node.getOpType(), where, result.value());
    }
    var error =
        "%s%s is off by %s".formatted(node.getOpType(), where, Numbers.text(result.error()));
    if (result.tolerance() == 0) {
      return error + ", where rounding changes nothing";
    }
    return "%s, %s the tolerance%s"
        .formatted(
            error,
            Numbers.times(result.error(), result.tolerance()),
            result.rounding() > 0
                ? " and %s rounding".formatted(Numbers.times(result.error(), result.rounding()))
                : "");
  }

  private NodeProto node(String value) {
    return index.nodes().get(index.producer(value).orElseThrow());
  }

  /** A folder of the runtime and call; a runtime that was specified twice has two. */
  private Path folder(Path reproductions) {
    var name = "%s-%s".formatted(runner.name(), search.call()).replaceAll("[^A-Za-z0-9._=-]+", "-");
    var target = reproductions.resolve(name);
    for (int count = 2; Files.exists(target, LinkOption.NOFOLLOW_LINKS); count++) {
      target = reproductions.resolve(name + "-" + count);
    }
    return target;
  }

  private static Bound bound(Map<String, Bound> expected, String name) {
    return Objects.requireNonNull(expected.get(name));
  }
}
