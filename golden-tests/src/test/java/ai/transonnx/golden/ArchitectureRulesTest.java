package ai.transonnx.golden;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Map;

/**
 * Checks the table of modules in ARCHITECTURE.md and the order of the packages in each module. The
 * module descriptors define which packages other programs may use.
 */
@AnalyzeClasses(packages = "ai.transonnx", importOptions = ArchitectureRulesTest.MainClasses.class)
class ArchitectureRulesTest {
  /** Leaves out the tests of this and other modules. */
  static final class MainClasses implements ImportOption {
    private final ImportOption noTests = new DoNotIncludeTests();

    @Override
    public boolean includes(Location location) {
      return noTests.includes(location) && !location.contains("-tests.jar");
    }
  }

  /** Each package is a part, except for the packages that use each other. */
  private static final class Parts implements SliceAssignment {
    private static final Map<String, String> PARTNERS =
        Map.of(
            "ai.transonnx.internal.config", "ai.transonnx.config",
            "ai.transonnx.internal.xtransformers", "ai.transonnx.xtransformers",
            "ai.transonnx.export.internal.weights", "ai.transonnx.export.weights",
            // A device reports invalid options with the runtime's RequestException.
            "ai.transonnx.runtime.device", "ai.transonnx.runtime",
            // Runners opens the classes that implement its interface.
            "ai.transonnx.verification.internal.runner", "ai.transonnx.verification.runner",
            "ai.transonnx.verification.internal.runner.web", "ai.transonnx.verification.runner");

    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      var name = type.getPackageName();
      return SliceIdentifier.of(PARTNERS.getOrDefault(name, name));
    }

    @Override
    public String getDescription() {
      return "packages";
    }
  }

  private static final String[] LIBRARIES = {
    "ai.transonnx.tokenshift..",
    "ai.transonnx.flash..",
    "ai.transonnx.blockrecurrent..",
    "ai.transonnx.xtransformers..",
    "ai.transonnx.internal.xtransformers..",
  };

  /** Packages of the exporter that choose an architecture for a checkpoint. */
  private static final String[] CHECKPOINTS = {
    "ai.transonnx.export.checkpoint", "ai.transonnx.export.internal.checkpoint",
  };

  /** Packages that write graphs. */
  private static final String[] GRAPHS = {
    "ai.transonnx.graph..",
    "ai.transonnx.op..",
    "ai.transonnx.internal.function..",
    "ai.transonnx.layer..",
    "ai.transonnx.attention..",
  };

  @ArchTest
  static final ArchRule modulesDependInOneDirection =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("format")
          .definedBy("ai.transonnx", "ai.transonnx.format..")
          .layer("builder")
          .definedBy(
              resideInAPackage("ai.transonnx..")
                  .and(
                      not(
                          resideInAnyPackage(
                              "ai.transonnx",
                              "ai.transonnx.format..",
                              "ai.transonnx.export..",
                              "ai.transonnx.runtime..",
                              "ai.transonnx.verification..",
                              "ai.transonnx.tokenizers..",
                              "ai.transonnx.server..",
                              "ai.transonnx.djl..",
                              "ai.transonnx.spark.."))))
          .layer("export")
          .definedBy("ai.transonnx.export..")
          .layer("runtime")
          .definedBy("ai.transonnx.runtime..")
          .layer("tokenizers")
          .definedBy("ai.transonnx.tokenizers..")
          .layer("server")
          .definedBy("ai.transonnx.server..")
          .layer("verification")
          .definedBy("ai.transonnx.verification..")
          .layer("djl")
          .definedBy("ai.transonnx.djl..")
          .layer("spark")
          .definedBy("ai.transonnx.spark..")
          .whereLayer("format")
          .mayNotAccessAnyLayer()
          .whereLayer("builder")
          .mayOnlyAccessLayers("format")
          .whereLayer("export")
          .mayOnlyAccessLayers("format", "builder")
          .whereLayer("runtime")
          .mayOnlyAccessLayers("format")
          .whereLayer("tokenizers")
          .mayOnlyAccessLayers("format", "runtime")
          .whereLayer("server")
          .mayOnlyAccessLayers("format", "runtime")
          .whereLayer("verification")
          .mayOnlyAccessLayers("format", "builder", "export", "runtime")
          .whereLayer("djl")
          .mayOnlyAccessLayers("format", "runtime", "tokenizers")
          .whereLayer("spark")
          .mayOnlyAccessLayers("format", "runtime");

  @ArchTest
  static final ArchRule exportKnowsNoConcreteArchitecture =
      noClasses()
          .that()
          .resideInAPackage("ai.transonnx.export..")
          .and()
          .resideOutsideOfPackages(CHECKPOINTS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(LIBRARIES)
          .orShould()
          .dependOnClassesThat()
          .resideInAPackage("ai.transonnx.registry..");

  @ArchTest
  static final ArchRule onlyReadersAndWritersOfOnnxUseProtobuf =
      classes()
          .that()
          .resideOutsideOfPackages(
              "ai.transonnx.format.internal.proto..",
              "ai.transonnx.format.internal.wire..",
              "ai.transonnx.export.internal.onnx..",
              "ai.transonnx.verification.internal.graph..",
              "ai.transonnx.verification.internal.twin..",
              "ai.transonnx.runtime")
          .should()
          .onlyDependOnClassesThat()
          .resideOutsideOfPackage("com.google.protobuf..");

  @ArchTest
  static final ArchRule onlyRuntimeAndDjlUseOnnxRuntime =
      noClasses()
          .that()
          .resideOutsideOfPackages("ai.transonnx.runtime..", "ai.transonnx.djl..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.onnxruntime..");

  @ArchTest
  static final ArchRule onlyDjlAndTokenizersUseDjl =
      noClasses()
          .that()
          .resideOutsideOfPackages("ai.transonnx.djl..", "ai.transonnx.tokenizers..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.djl..");

  @ArchTest
  static final ArchRule graphKnowsNoOperators =
      noClasses()
          .that()
          .resideInAPackage("ai.transonnx.graph..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ai.transonnx.op..", "ai.transonnx.internal.function..");

  @ArchTest
  static final ArchRule operatorsKnowNoLayers =
      noClasses()
          .that()
          .resideInAPackage("ai.transonnx.op..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("ai.transonnx.layer..", "ai.transonnx.attention..");

  @ArchTest
  static final ArchRule whatLibrariesShareKnowsNoLibrary =
      noClasses()
          .that()
          .resideInAnyPackage(GRAPHS)
          .or()
          .resideInAnyPackage(
              "ai.transonnx.architecture..",
              "ai.transonnx.config..",
              "ai.transonnx.internal.config..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(LIBRARIES);

  @ArchTest
  static final ArchRule configurationsKnowNoGraphs =
      noClasses()
          .that()
          .resideInAnyPackage("ai.transonnx.config..", "ai.transonnx.internal.config..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(GRAPHS);

  @ArchTest
  static final ArchRule theBuilderDoesNotKnowItsRegistry =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "ai.transonnx.registry..",
              "ai.transonnx.export.checkpoint",
              "ai.transonnx.internal.guess..",
              "ai.transonnx.verification..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.transonnx.registry..");

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().assignedFrom(new Parts()).should().beFreeOfCycles();

  @ArchTest
  static final ArchRule publicSignaturesShowNoInternalTypes =
      classes()
          .that(PublicSignatures.ARE_PUBLIC_API)
          .should(PublicSignatures.SHOW_NO_INTERNAL_TYPES);

  /** Files of the system and temporary ones, which no user names. */
  private static final String[] NOT_OF_USERS = {
    "DefaultThreads",
    "HugePages",
    "Machine",
    "NativeTokenizers",
    "OrtBootstrap",
    "PackagedClasses",
    "ProcessMemory",
    "ProcessTree",
    "WorkerTensors",
  };

  @ArchTest
  static final ArchRule filesOfUsersAreOpenedInOnePackage =
      noClasses()
          .that()
          .resideOutsideOfPackage("ai.transonnx.format.internal.file")
          .and(not(OpeningCalls.inOneOf(NOT_OF_USERS)))
          .should()
          .callCodeUnitWhere(OpeningCalls.OPEN_A_FILE);
}
