package ai.transonnx.verification.internal.truth;

import ai.transonnx.InputException;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.StateTensor;
import ai.transonnx.format.internal.file.TemporaryFolder;
import ai.transonnx.runtime.InferenceException;
import ai.transonnx.runtime.Signature;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.internal.call.CallModel;
import ai.transonnx.verification.internal.call.CallStates;
import ai.transonnx.verification.internal.call.PlannedCall;
import ai.transonnx.verification.internal.graph.ModelFile;
import ai.transonnx.verification.internal.graph.TemporaryPaths;
import ai.transonnx.verification.internal.run.Expected;
import ai.transonnx.verification.internal.run.Expected.Bound;
import ai.transonnx.verification.internal.run.HeapMemory;
import ai.transonnx.verification.internal.run.ReferenceModel;
import ai.transonnx.verification.internal.run.SpilledTensors;
import ai.transonnx.verification.internal.twin.FloatTwin;
import ai.transonnx.verification.internal.twin.NoTwinException;
import ai.transonnx.verification.report.VerificationReport.Reference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The reference of a file that has a twin in float64: the twin's outputs, with tolerances measured
 * by a few runs of the twin with random rounding. The state of calls stays in float64 in the exact
 * runs; the rounded runs continue their own state, and the exact one in the file's types. All exact
 * runs come first, so that only one twin's weights are in memory at a time. For one thread.
 */
public final class TruthReference implements ReferenceModel {
  /** The number of rounded runs of each call. */
  private static final int RUNS = 4;

  private static final int SEEDS_PER_VERIFICATION = 1 << 10;

  private final Signature signature;
  private final Map<String, ElementType> stateTypes;
  private final int seed;
  private final TemporaryFolder folder;
  private final List<PlannedCall> calls;
  private final Map<String, ExactCall> exactCalls = new HashMap<>();
  private final SpilledTensors spilled;
  private final TwinRun exact;
  private final TwinRun noisy;
  private final CallStates exactStates;
  private final List<CallStates> noisyStates = new ArrayList<>();

  private TruthReference(CallModel facts, List<PlannedCall> calls, long seed, Twins twins) {
    this.signature = facts.signature();
    this.seed = (int) (seed * SEEDS_PER_VERIFICATION);
    this.calls = List.copyOf(calls);
    this.folder = twins.folder();
    this.spilled = new SpilledTensors(folder.path());
    this.exact = twins.exact();
    this.noisy = twins.noisy();
    var pairs = facts.metadata().state();
    this.stateTypes =
        pairs.stream().collect(Collectors.toMap(StateTensor::output, StateTensor::type));
    this.exactStates = new CallStates(pairs.stream().map(TwinRun::exact).toList(), calls);
    for (int run = 0; run < RUNS; run++) {
      noisyStates.add(new CallStates(pairs, calls));
    }
  }

  /** The exact outputs of a call, and the state before it if it continues another. */
  private record ExactCall(Map<String, Tensor> state, Map<String, Tensor> outputs) {}

  private record Twins(TemporaryFolder folder, TwinRun exact, TwinRun noisy) {}

  /**
   * Rewrites and loads a file.
   *
   * @param seed selects the random roundings
   * @throws NoTwinException if the file has no twin, with the reason
   */
  public static TruthReference open(
      ModelFile file, CallModel facts, List<PlannedCall> calls, long seed) {
    var exact = FloatTwin.of(file.proto());
    var noisy = FloatTwin.noisy(file.proto());
    var folder = TemporaryFolder.create();
    var heap = new HeapMemory();
    TwinRun first = null;
    try {
      first = new TwinRun(file.write(exact, folder.path(), "exact"), heap);
      var second = new TwinRun(file.write(noisy, folder.path(), "rounded"), heap);
      return new TruthReference(facts, calls, seed, new Twins(folder, first, second));
    } catch (InferenceException | InputException e) {
      if (first != null) {
        first.close();
      }
      close(folder);
      throw new NoTwinException(
          "its twin in float64 cannot be loaded: "
              + TemporaryPaths.removed(e.getMessage(), folder.path()));
    } catch (RuntimeException | Error e) {
      if (first != null) {
        first.close();
      }
      close(folder);
      throw e;
    }
  }

  private static void close(TemporaryFolder folder) {
    try {
      folder.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Reference description() {
    return new Reference(
        Reference.Kind.TRUTH,
        "the file's graph with its weights, every floating-point value computed in float64");
  }

  @Override
  public double factor() {
    return RoundingLimits.FACTOR;
  }

  @Override
  public Expected run(PlannedCall call) {
    if (exactCalls.isEmpty()) {
      runExactly();
    }
    var known = Objects.requireNonNull(exactCalls.get(call.name()));
    var outputs = known.outputs();
    var own = limits(outputs);
    for (int run = 0; run < RUNS; run++) {
      addOwnState(call, run, own);
    }
    var ownBounds = bounds(own);
    var givenBounds = call.continues() ? givenState(call, known.state(), outputs) : ownBounds;
    return new Expected(outputs, ownBounds, givenBounds);
  }

  /** Runs all calls exactly. */
  private void runExactly() {
    for (var call : calls) {
      var state = exactStates.of(call);
      var outputs = spilled.spill(exact.run(call, state, Map.of()));
      exactStates.put(call, outputs);
      exactCalls.put(call.name(), new ExactCall(call.continues() ? state : Map.of(), outputs));
    }
    exact.close();
  }

  /** Adds a rounded run that continues its own state. */
  private void addOwnState(PlannedCall call, int run, Map<String, RoundingLimits> limits) {
    var states = noisyStates.get(run);
    var rounded = noisy.run(call, states.of(call), random(run));
    limits.forEach((name, limit) -> limit.add(output(rounded, name)));
    states.put(call, TwinRun.typed(rounded, stateTypes));
  }

  /** The limits of a runtime that is given the exact state in the file's types. */
  private Map<String, Bound> givenState(
      PlannedCall call, Map<String, Tensor> state, Map<String, Tensor> outputs) {
    var typed = new HashMap<String, Tensor>();
    state.forEach(
        (name, tensor) -> {
          var type = Objects.requireNonNull(signature.inputs().get(name)).type();
          typed.put(name, type.isFloatingPoint() ? tensor.as(type) : tensor);
        });
    var limits = limits(outputs);
    for (int run = 0; run < RUNS; run++) {
      addGivenState(call, typed, run, limits);
    }
    return bounds(limits);
  }

  private void addGivenState(
      PlannedCall call, Map<String, Tensor> state, int run, Map<String, RoundingLimits> limits) {
    var rounded = noisy.run(call, state, random(run));
    limits.forEach((name, limit) -> limit.add(output(rounded, name)));
  }

  private Map<String, Tensor> random(int run) {
    return Map.of(FloatTwin.RANDOM, Tensor.ofDoubles(new double[] {FloatTwin.random(seed + run)}));
  }

  private Map<String, RoundingLimits> limits(Map<String, Tensor> outputs) {
    var limits = new HashMap<String, RoundingLimits>();
    outputs.forEach(
        (name, exactly) -> {
          var type = Objects.requireNonNull(signature.outputs().get(name)).type();
          limits.put(name, new RoundingLimits(type, exactly));
        });
    return limits;
  }

  private static Tensor output(Map<String, Tensor> outputs, String name) {
    return Objects.requireNonNull(outputs.get(name));
  }

  private static Map<String, Bound> bounds(Map<String, RoundingLimits> limits) {
    var bounds = new HashMap<String, Bound>();
    limits.forEach((name, limit) -> bounds.put(name, limit.bound()));
    return bounds;
  }

  @Override
  public void close() {
    noisy.close();
    exact.close();
    close(folder);
  }
}
