package ai.transonnx.architecture;

import ai.transonnx.InputException;
import ai.transonnx.format.Dim;
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
import java.util.stream.IntStream;

/**
 * Which graph of a class is wanted.
 *
 * @param inputs names of the inputs; empty for those that the class cannot do without. A name may
 *     say the form of an input that has several, such as {@code attn_mask:3d}
 * @param outputs names of the outputs; empty for the class's main one
 * @param incremental whether what came before goes in and out as state
 * @param dialect the operators that it is written in
 * @param batch the number of sequences in a call
 * @param length the number of positions in a call
 * @param lastLogits whether output {@code logits} is of the last position alone
 */
public record GraphRequest(
    List<String> inputs,
    List<String> outputs,
    boolean incremental,
    EmitOptions dialect,
    Dim batch,
    Dim length,
    boolean lastLogits) {
  private static final String LOGITS = "logits";
  private static final String LOSS = "loss";

  public GraphRequest {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /** The class's main graph: any batch, any length. */
  public static GraphRequest main() {
    return new GraphRequest(
        List.of(),
        List.of(),
        false,
        EmitOptions.STANDARD,
        Dim.of("batch"),
        Dim.of("length"),
        false);
  }

  public GraphRequest withInputs(List<String> names) {
    return new GraphRequest(names, outputs, incremental, dialect, batch, length, lastLogits);
  }

  public GraphRequest withOutputs(List<String> names) {
    return new GraphRequest(inputs, names, incremental, dialect, batch, length, lastLogits);
  }

  public GraphRequest withIncremental(boolean wanted) {
    return new GraphRequest(inputs, outputs, wanted, dialect, batch, length, lastLogits);
  }

  public GraphRequest withDialect(EmitOptions wanted) {
    return new GraphRequest(inputs, outputs, incremental, wanted, batch, length, lastLogits);
  }

  /** Whether what is wanted can come in pieces: a loss is of whole sequences. */
  public boolean supportsChunks() {
    return !outputs.contains(LOSS);
  }

  /** A model without nodes, in this dialect. */
  public ModelBuilder model(String name) {
    var model = new ModelBuilder(name, dialect);
    if (incremental) {
      model.property(MetadataKey.INCREMENTAL, "true");
    }
    return model;
  }

  /**
   * Where the layers' past comes from: the model's states if that is wanted, else zeros.
   *
   * @param sequence any tensor whose first dimension is the batch
   */
  public PastState history(ModelBuilder model, Scope scope, Value sequence) {
    return incremental
        ? new PastState.Stateful(model, batch)
        : new PastState.Empty(scope, sequence);
  }

  /** Fixes the number of sequences in a call. */
  public GraphRequest withBatch(int size) {
    return new GraphRequest(
        inputs, outputs, incremental, dialect, Dim.of(size), length, lastLogits);
  }

  /** Fixes the number of positions in a call. */
  public GraphRequest withLength(int size) {
    return new GraphRequest(inputs, outputs, incremental, dialect, batch, Dim.of(size), lastLogits);
  }

  /** Whether logits are of the last position alone, which is all that generation needs. */
  public GraphRequest withLastLogits(boolean wanted) {
    return new GraphRequest(inputs, outputs, incremental, dialect, batch, length, wanted);
  }

  /**
   * The positions whose logits are wanted.
   *
   * @param x {@code [b, n, d]}
   * @return {@code [b, n, d]}, or {@code [b, 1, d]}
   */
  public Value scored(Scope scope, Value x) {
    return lastLogits ? scope.slice(x, 1, -1, Scope.END) : x;
  }

  /**
   * This with the names of a family spelt out, in inputs and outputs: {@code mem} stands for {@code
   * mem_0} to {@code mem_(count - 1)}. A family of none stays as it is, a name that the class does
   * not know.
   */
  public GraphRequest spelledOut(String family, int count) {
    return new GraphRequest(
        spelledOut(inputs, family, count),
        spelledOut(outputs, family, count),
        incremental,
        dialect,
        batch,
        length,
        lastLogits);
  }

  private static List<String> spelledOut(List<String> names, String family, int count) {
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

  /** The form of a wanted input, empty text for its usual one; nothing if it is not wanted. */
  public Optional<String> form(String input) {
    return inputs.stream()
        .filter(name -> base(name).equals(input))
        .map(name -> name.substring(Math.min(name.length(), input.length() + 1)))
        .findAny();
  }

  private static String base(String name) {
    int colon = name.indexOf(':');
    return colon < 0 ? name : name.substring(0, colon);
  }

  /**
   * The wanted outputs, checked.
   *
   * @param known what the class can give; the first is its main output
   * @throws InputException if another is wanted, or one twice, or the last position's logits of
   *     what has none, or a loss in pieces
   */
  public List<String> outputsOf(List<String> known) {
    if (lastLogits && (!known.contains(LOGITS) || outputs.contains(LOSS))) {
      throw new InputException(
          outputs.contains(LOSS)
              ? "output 'loss' is made of all positions' logits; do not ask for the last one's alone"
              : "this class has no logits, of the last position or of others");
    }
    if (outputs.isEmpty()) {
      return known.subList(0, 1);
    }
    check("output", outputs, known);
    if (incremental && !supportsChunks()) {
      throw new InputException("output 'loss' is of whole sequences; it cannot be incremental");
    }
    return outputs;
  }

  /**
   * Checks the wanted inputs.
   *
   * @param known what the class takes
   * @throws InputException if another is wanted, or one twice
   */
  public void checkInputs(List<String> known) {
    check("input", inputs, known);
  }

  /**
   * Checks a fixed length.
   *
   * @param most the positions that a call can have, by the class's {@code max_seq_len}
   * @throws InputException if it is more
   */
  public void checkLength(long most) {
    if (length.isFixed() && length.size() > most) {
      throw new InputException(
          "%s positions are asked for; a call has at most %s, by 'max_seq_len'"
              .formatted(length, most));
    }
  }

  /** What can be asked for in place of a name: its other forms, or all inputs without theirs. */
  private static List<String> choice(String name, Collection<String> known) {
    var forms = known.stream().filter(form -> base(form).equals(base(name))).toList();
    return forms.isEmpty() ? known.stream().map(GraphRequest::base).distinct().toList() : forms;
  }

  private static void check(String kind, List<String> wanted, Collection<String> known) {
    var seen = new ArrayList<String>();
    for (var name : wanted) {
      if (!known.contains(name)) {
        throw new InputException(
            "there is no %s '%s'; this class has %s"
                .formatted(kind, Printable.of(name), String.join(", ", choice(name, known))));
      }
      if (seen.contains(base(name))) {
        throw new InputException("%s '%s' is asked for twice".formatted(kind, name));
      }
      seen.add(base(name));
    }
  }
}
