package ai.transonnx.graph;

import ai.transonnx.InputException;
import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.format.StateRole;
import ai.transonnx.format.StateTensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Builds a model: its main graph, its functions and its recurrent state.
 *
 * <p>Not thread-safe.
 */
public final class ModelBuilder {
  private final String name;
  private final EmitOptions dialect;
  private final GraphBuilder graph = GraphBuilder.graph(this);
  private final List<Value> outputs = new ArrayList<>();
  private final Map<String, StateTensor> state = new LinkedHashMap<>();
  private final Set<String> outputNames = new HashSet<>();
  private final Map<String, FunctionDefinition> functions = new LinkedHashMap<>();
  private final SortedMap<String, String> properties = new TreeMap<>();
  private int unknownDims;

  /** Starts a model without nodes. */
  public ModelBuilder(String name, EmitOptions dialect) {
    this.name = name;
    this.dialect = dialect;
    property(MetadataKey.DTYPE, dialect.precision().toString());
  }

  /** The operators and the precision that the model is built with. */
  public EmitOptions dialect() {
    return dialect;
  }

  /** The main graph. */
  public GraphBuilder graph() {
    return graph;
  }

  /**
   * Makes a value an output of the model under this name; float16 and bfloat16 are cast to float32.
   *
   * @return the output's value. Use it instead of {@code value} in later nodes, so that a runtime
   *     need not copy it
   */
  public Value output(String outputName, Value value) {
    var wide = value.elements().isHalf() ? graph.cast("", value, ElementType.FLOAT32) : value;
    return exactOutput(outputName, wide);
  }

  private Value exactOutput(String outputName, Value value) {
    var named = graph.named(outputName, value);
    outputs.add(named);
    outputNames.add(outputName);
    return named;
  }

  /**
   * State with a new value of the same size in each call: {@link #past(String, StateRole,
   * TensorType, Shape)} with the role {@link StateRole#RECURRENT}.
   *
   * @param type its shape has numbers, and {@code batch} for the number of rows
   */
  public Value past(String stateName, TensorType type) {
    return past(stateName, StateRole.RECURRENT, type, type.shape());
  }

  /**
   * The state that a call gets from the one before: the input {@code past_NAME}. {@link #present}
   * declares its output.
   *
   * @param role what a runtime may do with the state
   * @param first the shape of the zeros of a first call: numbers, and {@code batch}
   * @throws GraphException if the type or a shape does not fit the role
   */
  public Value past(String stateName, StateRole role, TensorType type, Shape first) {
    var value = graph.input("past_" + stateName, type);
    String present = "present_" + stateName;
    try {
      state.put(
          present,
          new StateTensor(
              value.name(), present, type.elements(), type.shape().dims(), first.dims(), role));
    } catch (IllegalArgumentException e) {
      throw new GraphException("state '%s': %s".formatted(stateName, e.getMessage()));
    }
    return value;
  }

  /**
   * The state for the next call: the output {@code present_NAME}. A floating-point value is cast to
   * the type of {@code past_NAME}.
   *
   * @return the value by its new name; using it instead of {@code computed} may save the runtime a
   *     copy
   * @throws GraphException if there is no such input, or its type is another
   */
  public Value present(String stateName, Value computed) {
    String present = "present_" + stateName;
    var pair = state.get(present);
    if (pair == null) {
      throw new GraphException(
          "there is no state input past_" + stateName + "; declare it with past");
    }
    var value =
        computed.elements().isFloatingPoint() && pair.type().isFloatingPoint()
            ? graph.cast("", computed, pair.type())
            : computed;
    var past = new TensorType(pair.type(), new Shape(pair.shape()));
    if (!canFollow(past, value.type())) {
      throw new GraphException(
          "%s is %s, but %s is %s".formatted(present, value.type(), pair.input(), past));
    }
    return exactOutput(present, value);
  }

  /** Symbolic sizes may change from call to call, such as the length of a memory. */
  private static boolean canFollow(TensorType past, TensorType present) {
    boolean fits =
        past.elements() == present.elements() && past.shape().rank() == present.shape().rank();
    for (int axis = 0; fits && axis < past.shape().rank(); axis++) {
      var dim = past.shape().dim(axis);
      fits = !dim.isFixed() || dim.equals(present.shape().dim(axis));
    }
    return fits;
  }

  /**
   * An input of token IDs, which start at 0: int64 {@code [b, n]}.
   *
   * @param count the size of the vocabulary, which is written into the file's metadata
   */
  public Value tokens(String name, int count, Dim batch, Dim length) {
    properties.put(MetadataKey.NUM_TOKENS.key(name), Integer.toString(count));
    return graph.input(name, new TensorType(ElementType.INT64, Shape.of(batch, length)));
  }

  /**
   * Declares that the rows of one call may be at different positions, which their states determine.
   */
  public void ragged() {
    property(MetadataKey.RAGGED, "true");
  }

  /** Adds an entry to the file's metadata. */
  public void property(MetadataKey property, String value) {
    properties.put(property.key(), value);
  }

  /** Adds a number to the file's metadata. */
  public void property(MetadataKey property, long value) {
    property(property, Long.toString(value));
  }

  Dim unknownDim() {
    return Dim.unknown(unknownDims++);
  }

  FunctionDefinition function(FunctionTemplate template) {
    var known = functions.get(template.name());
    if (known == null) {
      known = new FunctionDefinition(this, template);
      functions.put(template.name(), known);
    } else if (!Objects.equals(known.template(), template)) {
      throw new GraphException(
          "two different functions of the model have the name " + template.name());
    }
    return known;
  }

  /**
   * The finished model.
   *
   * @throws GraphException if a state has no {@linkplain #present output}
   * @throws ai.transonnx.InputException if the model is to be quantized and has nothing to
   *     quantize, or a pattern of weights to keep matches none, or there is a type for a KV cache
   *     that the model does not have
   */
  public Model build() {
    for (var pair : state.values()) {
      if (!outputNames.contains(pair.output())) {
        throw new GraphException(
            "state input %s has no output %s; declare it with present"
                .formatted(pair.input(), pair.output()));
      }
    }
    dialect.cacheType().ifPresent(this::checkCache);
    var model =
        new Model(
            graph.finish(name, outputs),
            dialect.opset(),
            functions.values().stream().map(FunctionDefinition::function).toList(),
            List.copyOf(state.values()),
            properties);
    var joined = dialect.target() == Target.ONNXRUNTIME ? NormalizedSums.of(model) : model;
    return dialect
        .quantization()
        .map(wanted -> QuantizedModel.of(joined, wanted, dialect.target()))
        .orElse(joined);
  }

  private void checkCache(CacheType type) {
    if (state.values().stream().noneMatch(pair -> pair.type() == type.elements())) {
      throw new InputException(
          "cache dtype %s has no effect: this graph keeps no keys and values%s; omit it"
              .formatted(
                  type, state.isEmpty() ? ", since it is not incremental" : " from call to call"));
    }
  }
}
