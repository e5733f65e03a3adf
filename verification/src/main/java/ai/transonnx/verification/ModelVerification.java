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
import ai.transonnx.verification.internal.graph.ModelFile;
import ai.transonnx.verification.internal.run.AgreementReference;
import ai.transonnx.verification.internal.run.ExpectedCalls;
import ai.transonnx.verification.internal.run.ReferenceModel;
import ai.transonnx.verification.internal.truth.TruthReference;
import ai.transonnx.verification.internal.twin.NoTwinException;
import ai.transonnx.verification.report.RunnerReport;
import ai.transonnx.verification.report.VerificationReport;
import ai.transonnx.verification.report.VerificationReport.CallInputs;
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
    try (var scratch = TemporaryFolder.create();
        var reference = reference(model, facts, calls)) {
      var expected = ExpectedCalls.of(calls, reference, scratch.path());
      var verification = new RunnerVerification(file, facts, expected, requiresRunners);
      var reports = new ArrayList<RunnerReport>();
      for (var runner : runners) {
        reports.add(verification.of(runner));
      }
      return new VerificationReport(
          VerificationReport.FORMAT,
          new VerificationReport.Run(
              "transonnx " + ToolVersion.current(), started.toString(), command),
          FileIdentity.of(model, name, hash),
          reference.description(),
          null,
          calls.stream().map(ModelVerification::described).toList(),
          reports,
          seed,
          reference.factor());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CallInputs described(PlannedCall call) {
    return CallInputs.of(call.name(), call.description(), call.inputs());
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
     * @throws InputException if there are both a file of inputs and a case
     */
    public ModelVerification build() {
      if (inputs != null && !cases.isEmpty()) {
        throw new InputException(
            "inputs are given by %s and by the case %s; only one is possible"
                .formatted(inputs, cases.get(0)));
      }
      return new ModelVerification(this);
    }
  }
}
