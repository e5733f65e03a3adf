package ai.transonnx.verification.internal.structure;

import ai.transonnx.InputException;
import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.format.Dim;
import ai.transonnx.format.StateTensor;
import ai.transonnx.graph.CacheType;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.Precision;
import ai.transonnx.runtime.ModelException;
import ai.transonnx.runtime.ModelMetadata;
import ai.transonnx.runtime.TensorSpec;
import ai.transonnx.verification.internal.graph.ModelFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The request whose graph has the inputs and outputs of a file. Where the signature leaves several
 * requests, each is tried.
 */
final class FileRequest {
  private static final String PAST = "past_";
  private static final String PRESENT = "present_";
  private static final String LOGITS = "logits";
  private static final List<String> MAIN_INPUTS = List.of("tgt", "tokens", "x", "image", "src");

  /** A limit for hostile files: a class has fewer optional inputs with forms than this allows. */
  private static final int MOST_REQUESTS = 256;

  private final ModelFile file;
  private final List<TensorSpec> inputs;
  private final List<TensorSpec> outputs;
  private final ModelMetadata metadata;
  private final Set<String> stateInputs = new HashSet<>();
  private final Set<String> stateOutputs = new HashSet<>();

  private FileRequest(ModelFile file) {
    this.file = file;
    this.inputs = file.inputs();
    this.outputs = file.outputs();
    this.metadata = ModelMetadata.of(file.file(), file.metadata());
    for (StateTensor pair : metadata.state()) {
      stateInputs.add(pair.input());
      stateOutputs.add(pair.output());
    }
  }

  /** A request and its graph. */
  record Built(GraphRequest request, Model model) {}

  /**
   * Finds the request of a file.
   *
   * @throws NoTwinException if no graph of the class has the file's inputs and outputs
   */
  static Built of(ModelFile file, FileArchitecture described) {
    FileRequest request;
    try {
      request = new FileRequest(file);
    } catch (InputException | ModelException e) {
      throw new NoTwinException(FileArchitecture.firstLine(e.getMessage()));
    }
    return request.find(request.withCacheType(described.emit()), described.architecture());
  }

  /** The types of the state tensors show which type the KV cache of a float32 model has. */
  private EmitOptions withCacheType(EmitOptions emit) {
    return emit.precision() != Precision.FLOAT32
        ? emit
        : Arrays.stream(CacheType.values())
            .filter(
                type -> metadata.state().stream().anyMatch(pair -> pair.type() == type.elements()))
            .findFirst()
            .map(emit::withCacheType)
            .orElse(emit);
  }

  private Built find(EmitOptions emit, Architecture architecture) {
    String reason = "it has other inputs or outputs";
    for (var request : candidates()) {
      var wanted = request.toBuilder().emit(emit).build();
      try {
        var model = architecture.build(wanted);
        var difference = FileSignature.difference(file, model);
        if (difference.isEmpty()) {
          return new Built(wanted, model);
        }
        reason = difference.get();
      } catch (InputException e) {
        reason = FileArchitecture.firstLine(e.getMessage());
      }
    }
    throw new NoTwinException(
        "no graph of the class '%s' in its metadata has its inputs and outputs: %s"
            .formatted(architecture.className(), reason));
  }

  private List<GraphRequest> candidates() {
    var names = List.<List<String>>of(List.of());
    for (var input : inputs) {
      var forms = name(input.name()).map(base -> InputForms.of(base, input)).orElse(List.of());
      names = forms.isEmpty() ? names : product(names, forms);
    }
    var requests = new ArrayList<GraphRequest>();
    for (var some : names) {
      requests.add(request(some, false));
      if (hasLastLogitsOnly()) {
        requests.add(request(some, true));
      }
    }
    return requests;
  }

  private static List<List<String>> product(List<List<String>> all, List<String> forms) {
    var longer = new ArrayList<List<String>>();
    for (var form : forms) {
      for (var names : all) {
        var more = new ArrayList<>(names);
        more.add(form);
        longer.add(List.copyOf(more));
      }
    }
    return longer.subList(0, Math.min(longer.size(), MOST_REQUESTS));
  }

  /** The name of an input in requests; empty if it belongs to the state of an incremental graph. */
  private Optional<String> name(String input) {
    if (stateInputs.contains(input) && metadata.incremental()) {
      return Optional.empty();
    }
    return Optional.of(input.startsWith(PAST) ? input.substring(PAST.length()) : input);
  }

  private GraphRequest request(List<String> names, boolean lastLogits) {
    var request =
        GraphRequest.builder()
            .inputs(names)
            .outputs(outputs.stream().flatMap(output -> requested(output).stream()).toList())
            .incremental(metadata.incremental())
            .lastLogits(lastLogits);
    size(0).ifPresent(request::batch);
    size(1).ifPresent(request::length);
    return request.build();
  }

  private Optional<String> requested(TensorSpec output) {
    if (stateOutputs.contains(output.name()) && metadata.incremental()) {
      return Optional.empty();
    }
    var name = output.name();
    return Optional.of(name.startsWith(PRESENT) ? name.substring(PRESENT.length()) : name);
  }

  /** The fixed size of an axis of the main input. */
  private Optional<Integer> size(int axis) {
    for (var name : MAIN_INPUTS) {
      for (var input : inputs) {
        if (input.name().equals(name) && input.rank() > axis) {
          boolean isLength = axis == 1 && !name.equals("image");
          Dim dim = input.dims().get(axis);
          return dim.isFixed() && dim.size() > 0 && (axis == 0 || isLength)
              ? Optional.of((int) Math.min(dim.size(), Integer.MAX_VALUE))
              : Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  private boolean hasLastLogitsOnly() {
    return outputs.stream()
        .anyMatch(
            output ->
                output.name().equals(LOGITS)
                    && output.rank() == 3
                    && output.dims().get(1).equals(Dim.of(1)));
  }
}
