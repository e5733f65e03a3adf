package ai.transonnx.internal.xtransformers;

import ai.transonnx.InputException;
import ai.transonnx.architecture.BuildContext;
import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.StateRole;
import ai.transonnx.graph.ModelBuilder;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Declares the requested graph inputs. Names are those of the library's {@code forward} method. */
final class GraphInputs {
  /**
   * The forms of an attention mask; the first is the default. Letters name the axes: batch b, heads
   * h, queries i and keys j; 1 marks a broadcast axis.
   */
  static final List<String> MASK_FORMS = maskForms();

  /** The input of explicit positions. */
  static final String POS = "pos";

  /** The forms of position indices, per sequence or shared by all sequences. */
  static final List<String> INDEX_FORMS = List.of("", ":int64", ":bn", ":1n", ":n");

  /** The forms of explicit positions: indices or embeddings. */
  static final List<String> POSITION_FORMS =
      Stream.concat(INDEX_FORMS.stream(), Stream.of(":float32", ":bnd", ":1nd", ":nd")).toList();

  private final ModelBuilder model;
  private final BuildContext context;

  GraphInputs(ModelBuilder model, BuildContext context) {
    this.model = model;
    this.context = context;
  }

  private static List<String> maskForms() {
    var forms = new ArrayList<>(List.of("", ":2d", ":3d", ":4d"));
    var keyForms = List.of("j", "1");
    var queryForms = before("i", keyForms);
    var headForms = before("h", queryForms);
    for (var axes : List.of(queryForms, headForms, before("b", headForms))) {
      axes.forEach(form -> forms.add(":" + form));
    }
    return List.copyOf(forms);
  }

  private static List<String> before(String axis, List<String> forms) {
    return Stream.of(axis, "1").flatMap(first -> forms.stream().map(first::concat)).toList();
  }

  /** The name of an input with each of its forms. */
  static List<String> forms(String name, List<String> forms) {
    return forms.stream().map(form -> name + form).toList();
  }

  BuildContext context() {
    return context;
  }

  /** The number of sequences. */
  Dim batch() {
    return context.batch();
  }

  boolean isRequested(String name) {
    return context.form(name).isPresent();
  }

  /** Whether the input of positions contains embeddings. */
  static boolean givesEmbeddings(BuildContext context) {
    return positionAxes(context).endsWith("d");
  }

  private static String positionAxes(BuildContext context) {
    var form = context.form(POS).orElse("");
    return switch (form) {
      case "", "int64" -> "bn";
      case "float32" -> "bnd";
      default -> form;
    };
  }

  boolean returnsAttention() {
    return returnsAttention(context);
  }

  /** Whether attention maps are requested as outputs. */
  static boolean returnsAttention(BuildContext context) {
    return context.outputs().stream().anyMatch(name -> name.startsWith("attn_"));
  }

  /** A required input of token IDs below {@code count}: int64 {@code [b, n]}. */
  Value tokens(String name, int count, Dim length) {
    require(name);
    return model.tokens(name, count, context.batch(), length);
  }

  /** A required input. */
  Value required(String name, ElementType elements, Dim... dims) {
    require(name);
    return model.graph().input(name, new TensorType(elements, Shape.of(dims)));
  }

  private void require(String name) {
    if (!context.inputs().isEmpty() && !isRequested(name)) {
      throw new InputException("input '%s' is required; request it as well".formatted(name));
    }
  }

  /** An optional input; null if it is not requested. */
  @Nullable Value optional(String name, ElementType elements, Dim... dims) {
    return isRequested(name) ? required(name, elements, dims) : null;
  }

  /** An optional input: bool {@code [b, n]}. */
  @Nullable Value mask(String name, Dim length) {
    return optional(name, ElementType.BOOL, context.batch(), length);
  }

  /** An optional input: int64 {@code [b]}. */
  @Nullable Value numbers(String name) {
    return optional(name, ElementType.INT64, context.batch());
  }

  /** An optional input: floating-point {@code [b, n, d]}. */
  @Nullable Value vectors(String name, Dim length, long features) {
    return optional(name, context.wideType(), context.batch(), length, Dim.of(features));
  }

  /**
   * An optional mask of the keys that each query may attend to: bool {@code [i, j]}, {@code [h, i,
   * j]}, {@code [b, h, i, j]} or another form.
   */
  @Nullable Value attentionMask(String name, int heads, Dim positions, Dim keys) {
    var form = context.form(name).orElse("none");
    var axes =
        switch (form) {
          case "", "2d" -> "ij";
          case "3d" -> "hij";
          case "4d" -> "bhij";
          default -> form;
        };
    return optional(
        name,
        ElementType.BOOL,
        dims(axes, Map.of('b', context.batch(), 'h', Dim.of(heads), 'i', positions, 'j', keys)));
  }

  /** The sizes of axes; an axis without a size has size 1. */
  private static Dim[] dims(String axes, Map<Character, Dim> sizes) {
    return axes.chars()
        .mapToObj(axis -> sizes.getOrDefault((char) axis, Dim.of(1)))
        .toArray(Dim[]::new);
  }

  /**
   * Optional positions: indices {@code [b, n]} or embeddings {@code [b, n, d]}. If all sequences
   * share them, the batch axis is 1 or missing.
   */
  @Nullable Value positions(Dim length, long features) {
    var elements = givesEmbeddings(context) ? context.wideType() : ElementType.INT64;
    var sizes = Map.of('b', context.batch(), 'n', length, 'd', Dim.of(features));
    return optional(POS, elements, dims(positionAxes(context), sizes));
  }

  /**
   * The memories of layers, {@code past_mem_0} and so on. They are state if the graph also outputs
   * the new memories. The list is empty in an incremental graph, whose state includes them.
   *
   * @throws InputException if only some memories are requested
   */
  List<Value> memories(int count, long features) {
    var memories = new ArrayList<Value>();
    if (context.incremental()) {
      return memories;
    }
    var past = Dim.of("past");
    for (int i = 0; i < count; i++) {
      String name = "mem_" + i;
      if (!isRequested(name)) {
        continue;
      }
      var shape = Shape.of(context.batch(), past, Dim.of(features));
      memories.add(
          context.outputs().contains(name)
              ? model.past(
                  name,
                  StateRole.MEMORY,
                  new TensorType(model.dialect().precision().computeType(), shape),
                  shape.with(1, Dim.of(0)))
              : model.graph().input("past_" + name, new TensorType(context.wideType(), shape)));
    }
    if (!memories.isEmpty() && memories.size() < count) {
      throw new InputException(
          "%s of the inputs mem_0 to mem_%s are requested; request all or none"
              .formatted(memories.size(), count - 1));
    }
    return memories;
  }
}
