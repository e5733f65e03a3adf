package ai.transonnx.architecture;

import ai.transonnx.InputException;
import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.format.internal.Printable;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.ModelBuilder;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * A {@link GraphRequest} as the author of an architecture uses it: checks of names, symbolic sizes,
 * and the past of the layers.
 *
 * <pre>{@code
 * var context = BuildContext.of(request);
 * context.checkInputs(List.of("tokens"));
 * var outputs = context.checkedOutputs(List.of("logits", "loss"));
 * var model = context.model("MyModel");
 * var tokens = model.tokens("tokens", 256, context.batch(), context.length());
 * }</pre>
 *
 * <p>Immutable; threads may share it.
 */
public final class BuildContext {
  private static final String LOGITS = "logits";
  private static final String LOSS = "loss";

  private final GraphRequest request;

  private BuildContext(GraphRequest request) {
    this.request = request;
  }

  /** The context of a request. */
  public static BuildContext of(GraphRequest request) {
    return new BuildContext(request);
  }

  /** Names of the requested inputs, with their forms; empty for the required ones. */
  public List<String> inputs() {
    return request.inputs();
  }

  /** Names of the requested outputs, unchecked; see {@link #checkedOutputs}. */
  public List<String> outputs() {
    return request.outputs();
  }

  /** Whether the past is passed in and out as state. */
  public boolean incremental() {
    return request.incremental();
  }

  /** The opset, target and precision. */
  public EmitOptions emit() {
    return request.emit();
  }

  /** The type of floating-point inputs, outputs and state other than keys and values. */
  public ElementType wideType() {
    return emit().precision().wideType();
  }

  /** The number of sequences in a call: fixed, or the symbol {@code batch}. */
  public Dim batch() {
    return dim(request.batch(), "batch");
  }

  /** The number of positions in a call: fixed, or the symbol {@code length}. */
  public Dim length() {
    return dim(request.length(), "length");
  }

  private static Dim dim(OptionalInt size, String name) {
    return size.isPresent() ? Dim.of(size.getAsInt()) : Dim.of(name);
  }

  /** Whether a sequence can be computed in chunks: a loss is defined for whole sequences only. */
  public boolean supportsChunks() {
    return !outputs().contains(LOSS);
  }

  /** An empty model with the requested opset, target and precision. */
  public ModelBuilder model(String name) {
    var model = new ModelBuilder(name, emit());
    if (incremental()) {
      model.property(MetadataKey.INCREMENTAL, "true");
    }
    return model;
  }

  /**
   * The past of the layers: the model's state if the request is incremental, zeros otherwise.
   *
   * @param sequence any tensor whose first dimension is the batch
   */
  public PastState pastState(ModelBuilder model, Scope scope, Value sequence) {
    return incremental()
        ? new PastState.Stateful(model, batch())
        : new PastState.Empty(scope, sequence);
  }

  /**
   * The positions whose logits are requested.
   *
   * @param x {@code [b, n, d]}
   * @return {@code [b, n, d]}, or {@code [b, 1, d]} with {@link GraphRequest#lastLogits}
   */
  public Value scoredPositions(Scope scope, Value x) {
    return request.lastLogits() ? scope.slice(x, 1, -1, Scope.END) : x;
  }

  /** Whether only the logits of the last position are requested. */
  public boolean scoresLastPosition() {
    return request.lastLogits();
  }

  /**
   * This context with the names of a family expanded in inputs and outputs: {@code mem} becomes
   * {@code mem_0} to {@code mem_(count - 1)}. With a count of 0 the name is kept and later rejected
   * as unknown.
   */
  public BuildContext expanded(String family, int count) {
    return of(
        request.toBuilder()
            .inputs(expanded(inputs(), family, count))
            .outputs(expanded(outputs(), family, count))
            .build());
  }

  private static List<String> expanded(List<String> names, String family, int count) {
    var all = new ArrayList<String>();
    for (var name : names) {
      if (name.equals(family) && count > 0) {
        IntStream.range(0, count).forEach(i -> all.add(family + "_" + i));
      } else {
        all.add(name);
      }
    }
    return all;
  }

  /**
   * The form of a requested input: the text after its name's colon, an empty text for the usual
   * form. Empty if the input is not requested.
   */
  public Optional<String> form(String input) {
    return inputs().stream()
        .filter(name -> base(name).equals(input))
        .map(name -> name.substring(Math.min(name.length(), input.length() + 1)))
        .findAny();
  }

  private static String base(String name) {
    int colon = name.indexOf(':');
    return colon < 0 ? name : name.substring(0, colon);
  }

  /**
   * The requested outputs, checked.
   *
   * @param known the outputs of the class; the first is its main one
   * @throws InputException if the request has an unknown or duplicate output, the last logits of a
   *     class without logits, or a loss of an incremental graph
   */
  public List<String> checkedOutputs(List<String> known) {
    if (request.lastLogits() && (!known.contains(LOGITS) || outputs().contains(LOSS))) {
      throw new InputException(
          outputs().contains(LOSS)
              ? "output 'loss' needs the logits of all positions; request all logits, not the last"
              : "this class has no output 'logits'");
    }
    if (outputs().isEmpty()) {
      return known.subList(0, 1);
    }
    check("output", outputs(), known);
    if (incremental() && !supportsChunks()) {
      throw new InputException("output 'loss' needs whole sequences; it cannot be incremental");
    }
    return outputs();
  }

  /**
   * Checks the requested inputs.
   *
   * @param known the inputs of the class, with their forms
   * @throws InputException if the request has an unknown or duplicate input
   */
  public void checkInputs(List<String> known) {
    check("input", inputs(), known);
  }

  /**
   * Checks a fixed length.
   *
   * @param most the most positions in a call, from the class's {@code max_seq_len}
   * @throws InputException if the requested length exceeds it
   */
  public void checkLength(long most) {
    if (request.length().isPresent() && request.length().getAsInt() > most) {
      throw new InputException(
          "length %s exceeds max_seq_len: a call has at most %s positions"
              .formatted(request.length().getAsInt(), most));
    }
  }

  /** Alternatives to a name: its other forms, or all inputs without their forms. */
  private static List<String> alternatives(String name, Collection<String> known) {
    var forms = known.stream().filter(form -> base(form).equals(base(name))).toList();
    return forms.isEmpty() ? known.stream().map(BuildContext::base).distinct().toList() : forms;
  }

  private static void check(String kind, List<String> requested, Collection<String> known) {
    var seen = new ArrayList<String>();
    for (var name : requested) {
      if (!known.contains(name)) {
        throw new InputException(
            "unknown %s '%s'; this class has %s"
                .formatted(kind, Printable.of(name), String.join(", ", alternatives(name, known))));
      }
      if (seen.contains(base(name))) {
        throw new InputException("%s '%s' is requested twice".formatted(kind, name));
      }
      seen.add(base(name));
    }
  }
}
