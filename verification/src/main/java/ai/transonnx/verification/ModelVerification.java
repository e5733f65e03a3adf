package ai.transonnx.verification;

import ai.transonnx.InputException;
import ai.transonnx.export.ToolVersion;
import ai.transonnx.format.internal.file.TemporaryFolder;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.internal.call.CallModel;
import ai.transonnx.verification.internal.call.CallPlan;
import ai.transonnx.verification.internal.call.GivenInputs;
import ai.transonnx.verification.internal.call.InputSet;
import ai.transonnx.verification.internal.call.MadeSets;
import ai.transonnx.verification.internal.call.PlannedCall;
import ai.transonnx.verification.internal.divergence.DivergenceSearch;
import ai.transonnx.verification.internal.graph.ModelFile;
import ai.transonnx.verification.internal.graph.ProductAccuracy;
import ai.transonnx.verification.internal.run.AgreementReference;
import ai.transonnx.verification.internal.run.ExpectedCalls;
import ai.transonnx.verification.internal.run.ReferenceModel;
import ai.transonnx.verification.internal.structure.TwinWeights;
import ai.transonnx.verification.internal.truth.TruthReference;
import ai.transonnx.verification.internal.twin.NoTwinException;
import ai.transonnx.verification.report.RunnerReport;
import ai.transonnx.verification.report.VerificationReport;
import ai.transonnx.verification.report.VerificationReport.CallInputs;
import ai.transonnx.verification.report.VerificationReport.Reference;
import ai.transonnx.verification.runner.ModelRunner;
import ai.transonnx.verification.runner.Runners;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a model file as it is, in any number of runtimes.
 *
 * <pre>{@code
 * ModelVerification.builder(Path.of("model.onnx"))
 *     .on("cpu:*,python")
 *     .build()
 *     .run()
 *     .assertPassed();
 * }</pre>
 *
 * <p>The expected outputs and states are those of the same graph in float64, where it can be
 * rewritten; else those of ONNX Runtime without optimizations. The inputs are made from the
 * signature and metadata of the file, or given. Immutable, but its runs open runtimes and files;
 * one thread at a time may run it.
 */
public final class ModelVerification {
  private final Path file;
  private final List<RunnerRequest> runners;
  private final @Nullable Path inputs;
  private final List<Path> cases;
  private final long seed;
  private final boolean requiresRunners;
  private final long memory;
  private final @Nullable Path weights;
  private final @Nullable String weightsKey;
  private final @Nullable String weightsPrefix;
  private final @Nullable Path reproductions;
  private final @Nullable String command;
  private final String name;

  private ModelVerification(Builder builder) {
    this.file = builder.file;
    this.runners =
        builder.runners.isEmpty()
            ? List.of(RunnerRequest.named("cpu"))
            : List.copyOf(builder.runners);
    this.inputs = builder.inputs;
    this.cases = List.copyOf(builder.cases);
    this.seed = builder.seed;
    this.requiresRunners = builder.requiresRunners;
    this.memory = builder.memory;
    this.weights = builder.weights;
    this.weightsKey = builder.weightsKey;
    this.weightsPrefix = builder.weightsPrefix;
    this.reproductions = builder.reproductions;
    this.command = builder.command;
    this.name = builder.name;
  }

  /** A verification of a file, in ONNX Runtime on the CPU unless runtimes are added. */
  public static Builder builder(Path file) {
    return new Builder(file);
  }

  /**
   * Runs every call in every runtime and compares the results.
   *
   * @return the results; a runtime that fails, ends or is missing is part of them
   * @throws InputException if the file, its metadata or the given inputs are not valid, or no
   *     reference can compute them
   * @throws ai.transonnx.runtime.ModelException if the file is damaged, or exceeds a limit
   */
  public VerificationReport run() {
    var started = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    var model = ModelFile.read(file);
    var hash = FileIdentity.fingerprint(model);
    var facts = CallModel.of(model);
    var calls = CallPlan.of(facts, sets(facts));
    try (var scratch = TemporaryFolder.create()) {
      var expected = expected(model, facts, calls, scratch.path());
      var structure =
          new StructureVerification(model, checkpoint(), scratch.path(), memory).of(facts, calls);
      var search = new FaultSearch(model, facts, expected, expected.factor(), this);
      var verification = new RunnerVerification(file, facts, expected, search, requiresRunners);
      var reports = new ArrayList<RunnerReport>();
      for (var runner : runners) {
        reports.add(verification.of(runner));
      }
      return new VerificationReport(
          VerificationReport.FORMAT,
          new VerificationReport.Run(
              "transonnx " + ToolVersion.current(), started.toString(), command),
          FileIdentity.of(model, name, hash),
          described(expected.reference(), ProductAccuracy.describe(model), structure.reason()),
          structure.report().orElse(null),
          calls.stream().map(ModelVerification::described).toList(),
          reports,
          seed,
          expected.factor());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CallInputs described(PlannedCall call) {
    return CallInputs.of(call.name(), call.description(), call.inputs());
  }

  /**
   * Says as well how exact products are, and why the file was not compared with its class.
   *
   * @param accuracy empty if the file has no products with quantized weights
   * @param reason empty if the file was compared
   */
  private static Reference described(Reference reference, String accuracy, String reason) {
    var description = new StringBuilder(reference.description());
    if (!accuracy.isEmpty()) {
      description.append("; ").append(accuracy);
    }
    if (!reason.isEmpty()) {
      description.append("; not compared with its class: ").append(reason);
    }
    return new Reference(reference.kind(), description.toString());
  }

  /** The weights that the file is to have: those of the user, or those of a case. */
  private Optional<TwinWeights.Checkpoint> checkpoint() {
    if (weights != null) {
      return Optional.of(
          new TwinWeights.Checkpoint(
              weights, Optional.ofNullable(weightsKey), Optional.ofNullable(weightsPrefix)));
    }
    return cases.stream()
        .map(folder -> new TwinWeights.Checkpoint(CaseFolder.read(folder).weights()))
        .findFirst();
  }

  long seed() {
    return seed;
  }

  long memory() {
    return memory;
  }

  Optional<Path> reproductions() {
    return Optional.ofNullable(reproductions);
  }

  /** The reference's memory is free before anything else is loaded. */
  private ExpectedCalls expected(
      ModelFile model, CallModel facts, List<PlannedCall> calls, Path folder) {
    try (var reference = reference(model, facts, calls)) {
      return ExpectedCalls.of(calls, reference, folder);
    }
  }

  private ReferenceModel reference(ModelFile model, CallModel facts, List<PlannedCall> calls) {
    try {
      return TruthReference.open(model, facts, calls, seed);
    } catch (NoTwinException e) {
      return AgreementReference.open(
          file, facts, calls, "ONNX Runtime without optimizations: " + e.getMessage());
    }
  }

  private List<InputSet> sets(CallModel facts) {
    if (inputs != null) {
      return List.of(new GivenInputs(facts, inputs.toString()).set("", tensors(inputs)));
    }
    if (cases.isEmpty()) {
      return MadeSets.of(facts, seed);
    }
    var sets = new ArrayList<InputSet>();
    for (var folder : cases) {
      sets.addAll(new CaseSets(facts, CaseFolder.read(folder)).all());
    }
    return sets;
  }

  private static Map<String, Tensor> tensors(Path file) {
    try (var stored = StoredTensors.open(file)) {
      var tensors = new HashMap<String, Tensor>();
      stored.names().forEach(name -> tensors.put(name, stored.tensor(name)));
      return tensors;
    }
  }

  /** Collects the parts of a verification. Not thread-safe. */
  public static final class Builder {
    private final Path file;
    private final List<RunnerRequest> runners = new ArrayList<>();
    private @Nullable Path inputs;
    private final List<Path> cases = new ArrayList<>();
    private long seed;
    private boolean requiresRunners;
    private long memory = DivergenceSearch.usualMemory();
    private @Nullable Path weights;
    private @Nullable String weightsKey;
    private @Nullable String weightsPrefix;
    private @Nullable Path reproductions;
    private @Nullable String command;
    private String name;

    private Builder(Path file) {
      this.file = file;
      this.name = file.toString();
    }

    /**
     * Adds runtimes by their names, such as {@code cpu:*,python}, see {@link Runners}.
     *
     * @throws InputException if one is not the name of a runtime
     */
    public Builder on(String names) {
      Runners.names(names).forEach(name -> runners.add(RunnerRequest.named(name)));
      return this;
    }

    /** Adds a runtime that is open, and stays open. */
    public Builder on(ModelRunner runner) {
      runners.add(RunnerRequest.opened(runner));
      return this;
    }

    /**
     * Inputs from a file of tensors in any weight format, such as safetensors or npz, instead of
     * made ones. The names are those of the model's inputs; state may be missing.
     */
    public Builder inputs(Path tensors) {
      inputs = tensors;
      return this;
    }

    /**
     * Inputs from the recorded steps of a case folder, instead of made ones. Outputs that were
     * recorded for exactly the model's inputs are compared as well. May be called for several
     * cases.
     */
    public Builder caseFolder(Path folder) {
      cases.add(folder);
      return this;
    }

    /** The seed of made inputs and of random roundings; 0 by default. */
    public Builder seed(long number) {
      seed = number;
      return this;
    }

    /** Makes a runtime that is not installed a failure. */
    public Builder requireRunners() {
      requiresRunners = true;
      return this;
    }

    /**
     * The checkpoint that the file was exported from, so that its weights are compared as well. By
     * default, the structure of the file is compared with the class of its metadata only, with the
     * file's own weights or those of a case.
     */
    public Builder weights(Path checkpoint) {
      weights = checkpoint;
      return this;
    }

    /** The key of the state dict in the checkpoint; found by names and shapes by default. */
    public Builder weightsKey(String key) {
      weightsKey = key;
      return this;
    }

    /** The prefix of the names in the checkpoint; found by names and shapes by default. */
    public Builder weightsPrefix(String prefix) {
      weightsPrefix = prefix;
      return this;
    }

    /**
     * The memory in bytes that the search for the first wrong value may take besides the runtimes;
     * by default the JVM's limit for its heap, which is a quarter of the machine's memory unless it
     * was set, but at most 1 GiB.
     */
    public Builder memory(long bytes) {
      memory = bytes;
      return this;
    }

    /**
     * A folder for the smallest part of the graph that shows a fault, for each runtime that fails.
     * It is created when it is needed.
     */
    public Builder reproductions(Path folder) {
      reproductions = folder;
      return this;
    }

    /** The name of the file in the report; its path by default. */
    public Builder name(String text) {
      name = text;
      return this;
    }

    /** The command that repeats the run, for the report. */
    public Builder command(String line) {
      command = line;
      return this;
    }

    /**
     * The verification.
     *
     * @throws InputException if there are both a file of inputs and a case, the memory is not
     *     positive, or the folder for reproductions is not empty
     */
    public ModelVerification build() {
      if (memory < 1) {
        throw new InputException("a memory of %s bytes is not positive".formatted(memory));
      }
      if (reproductions != null) {
        FaultSearch.checkFolder(reproductions);
      }
      if (inputs != null && !cases.isEmpty()) {
        throw new InputException(
            "inputs are given by %s and by the case %s; only one is possible"
                .formatted(inputs, cases.get(0)));
      }
      return new ModelVerification(this);
    }
  }
}
