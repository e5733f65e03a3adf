package ai.transonnx.cli;

import ai.transonnx.InputException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code transonnx verify}. */
@Command(
    name = "verify",
    description = {
      "Verify a model file in any number of runtimes, against the same computation in float64.",
      "Or, with --cases, export and run every golden case in a folder, and compare with its"
          + " recorded outputs."
    },
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
  private static final String CASES = "--cases";
  private static final String PROOF = "--proof";
  private static final String OF_FILE = "file";
  private static final List<String> OF_CASES = List.of("cases", "operators", "device");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      arity = "0..1",
      paramLabel = "MODEL.onnx",
      description = "The file to verify, as it is: exported by this program or any other.")
  private @Nullable Path model;

  @Option(
      names = CASES,
      paramLabel = "DIR",
      description = "Instead of a file: a folder that has case folders, at any depth.")
  private @Nullable Path cases;

  @Mixin(name = OF_FILE)
  private FileVerification file = new FileVerification();

  @Mixin(name = "cases")
  private CaseVerification caseOptions = new CaseVerification();

  @Mixin(name = "operators")
  private OperatorOptions operators = new OperatorOptions();

  @Mixin(name = "device")
  private DeviceOptions device = new DeviceOptions();

  @Mixin private JsonOption json = new JsonOption();

  @Mixin private TimeoutOption timeout = new TimeoutOption();

  @Mixin private QuietOption quiet = new QuietOption();

  @Override
  public Integer call() {
    return timeout.limit(spec, this::execute);
  }

  private int execute() {
    if (cases == null) {
      if (model == null) {
        throw new InputException(
            "specify MODEL.onnx, or --cases DIR with golden cases"
                + json.file().map(VerifyCommand::takenAsFile).orElse(""));
      }
      checkProof();
      for (var set : OF_CASES) {
        refuse(set, "is for --cases; a file is verified as it is, on the runtimes of --on");
      }
      return file.run(spec, model, json);
    }
    if (model != null) {
      throw new InputException(
          "both %s and --cases are specified; verify a file or golden cases".formatted(model));
    }
    refuse(OF_FILE, "is for a file, MODEL.onnx; it cannot be combined with --cases");
    return caseOptions.run(
        spec, cases, operators, device, new CaseVerification.Reporting(json, quiet));
  }

  private static String takenAsFile(Path file) {
    return "; '%s' is the file of --json: if it is the model, put it before --json".formatted(file);
  }

  /** Reading a proof takes no other option. */
  private void checkProof() {
    if (spec.commandLine().getParseResult().hasMatchedOption(PROOF)) {
      matched(OF_FILE)
          .filter(option -> !option.equals(PROOF))
          .findFirst()
          .ifPresent(
              option -> {
                throw new InputException("%s runs nothing; leave %s out".formatted(PROOF, option));
              });
    }
  }

  private void refuse(String set, String reason) {
    matched(set)
        .findFirst()
        .ifPresent(
            option -> {
              throw new InputException("%s %s".formatted(option, reason));
            });
  }

  /** The names of a mixin's options that are specified. */
  private Stream<String> matched(String set) {
    var parsed = spec.commandLine().getParseResult();
    return Objects.requireNonNull(spec.mixins().get(set)).options().stream()
        .map(OptionSpec::longestName)
        .filter(parsed::hasMatchedOption);
  }
}
