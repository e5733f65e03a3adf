package ai.transonnx.export.internal.pickle;

import ai.transonnx.export.internal.weights.TensorData;
import ai.transonnx.format.internal.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The result of a call that the reader does not evaluate: of a class or function that it does not
 * know, or with arguments that are not valid. It keeps the arguments of the call. Whether it is a
 * tensor is unknown, so that it has no data where one is needed.
 */
public final class Instance implements TensorValue {
  /** Python's own pickler writes one. */
  private static final int MAX_STATES = 8;

  private final PickleValue type;
  private final List<PickleValue> arguments;
  private final @Nullable String problem;
  private List<PickleValue> states = List.of();
  private @Nullable Sequence items;
  private @Nullable Mapping entries;

  private Instance(PickleValue type, List<PickleValue> arguments, @Nullable String problem) {
    this.type = type;
    this.arguments = arguments;
    this.problem = problem;
  }

  /**
   * The result of a call.
   *
   * @param callee a class, a function, or another object; its type becomes the type of the result
   */
  static Instance of(PickleValue callee, List<PickleValue> arguments) {
    return new Instance(typeOf(callee), arguments, null);
  }

  /** The result of a call that failed. */
  static Instance failed(PickleValue callee, List<PickleValue> arguments, PickleException problem) {
    return new Instance(typeOf(callee), arguments, String.valueOf(problem.getMessage()));
  }

  private static PickleValue typeOf(PickleValue callee) {
    return callee instanceof Instance instance ? instance.type : callee;
  }

  /** The name of the class or function. */
  public String typeName() {
    if (type instanceof Global global) {
      return global.qualifiedName();
    }
    return type instanceof Constructor constructor ? constructor.name() : type.description();
  }

  /** The arguments of the call. */
  public List<PickleValue> arguments() {
    return arguments;
  }

  /** The states that the object was given, usually one: a dictionary of its attributes. */
  public List<PickleValue> states() {
    return states;
  }

  /** The items of a class that extends a list or a set. */
  public Optional<Sequence> items() {
    return Optional.ofNullable(items);
  }

  /** The entries of a class that extends a dictionary. */
  public Optional<Mapping> entries() {
    return Optional.ofNullable(entries);
  }

  @Override
  public void build(PickleValue state) {
    if (states.isEmpty()) {
      states = new ArrayList<>(1);
    }
    if (states.size() == MAX_STATES) {
      throw new PickleException(
          "%s is given more than %s states".formatted(description(), MAX_STATES));
    }
    states.add(state);
  }

  /** The items, to which the reader adds. */
  Sequence itemsToExtend() {
    if (items == null) {
      items = new Sequence();
    }
    return items;
  }

  /** The entries, to which the reader adds. */
  Mapping entriesToExtend() {
    if (entries == null) {
      entries = new Mapping();
    }
    return entries;
  }

  @Override
  public TensorData data() {
    throw new PickleException(problem == null ? "it is " + description() : problem);
  }

  /** A call that failed may have been that of a tensor. */
  @Override
  public boolean isTensor() {
    return problem != null;
  }

  @Override
  public String description() {
    String object = "an object of " + typeName();
    return problem == null ? object : "%s (%s)".formatted(object, Printable.of(problem));
  }
}
