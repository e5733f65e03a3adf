package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.export.ExportRequest;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Precision;
import ai.transonnx.runtime.quality.QualityGate;
import ai.transonnx.runtime.text.Tokenizer;
import ai.transonnx.runtime.text.Tokenizers;
import ai.transonnx.verification.QualityAcceptance;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The quality gate of an export. */
final class GateOptions {
  @Option(
      names = "--gate",
      paramLabel = "LIMITS",
      converter = QualityGateConverter.class,
      description =
          "Write the file only if its predictions are near enough to those of the same export in"
              + " float32: limits such as kld=0.01,perplexity=1.01,top1=0.95, as those of"
              + " 'transonnx quality'.")
  private @Nullable QualityGate gate;

  @Option(
      names = "--gate-text",
      paramLabel = "FILE",
      description =
          "With --gate: compare over a text in UTF-8, which the exported tokenizer encodes; without"
              + " one, tokens are bytes.")
  private @Nullable Path text;

  @Option(
      names = "--gate-tokens",
      paramLabel = "FILE",
      description = "With --gate: compare over tokens, a sequence in each line.")
  private @Nullable Path tokens;

  @Option(
      names = "--gate-case",
      paramLabel = "DIR",
      description =
          "With --gate: compare over the tokens that a golden case has recorded (default: that of"
              + " --case).")
  private @Nullable Path caseFolder;

  @Option(
      names = "--gate-context",
      paramLabel = "N",
      description =
          "With --gate: the positions of a window (default: the model's max_length, at most 2048).")
  private @Nullable Integer context;

  @Option(
      names = "--against",
      paramLabel = "REFERENCE.onnx",
      description =
          "With --gate: compare with this file, instead of a temporary export in float32.")
  private @Nullable Path reference;

  /**
   * The acceptance of a model; empty if there is no gate. Reads the tokens.
   *
   * @param output the name of the model
   * @param source the case, if the export is of one
   * @param graph the graph that is exported
   * @param request the request for another graph of the same class and weights
   * @param note receives the figures of a model that holds its gate
   * @throws InputException if the options do not fit each other or the graph, or the tokens cannot
   *     be read
   */
  Optional<QualityAcceptance> acceptance(
      Path output,
      Optional<Path> source,
      GraphRequest graph,
      BiFunction<GraphRequest, Path, ExportRequest> request,
      Consumer<String> note) {
    if (gate == null) {
      if (Stream.of(text, tokens, caseFolder, context, reference).anyMatch(Objects::nonNull)) {
        throw new InputException(
            "--gate-text, --gate-tokens, --gate-case, --gate-context and --against need --gate");
      }
      return Optional.empty();
    }
    if (graph.lastLogits() && !graph.incremental()) {
      throw new InputException("--gate needs the logits of all positions; remove --logits last");
    }
    var acceptance =
        QualityAcceptance.builder(gate, given(source).read(Tokenizers::of, Tokenizer::encode))
            .name(output.toString())
            .listener(
                result -> {
                  if (result.passed()) {
                    note.accept("the quality gate holds: " + result.verdict());
                  }
                });
    if (context != null) {
      acceptance.context(context);
    }
    if (reference != null) {
      acceptance.reference(reference);
    } else {
      var wide = inFloat32(graph);
      acceptance.reference(file -> request.apply(wide, file));
    }
    return Optional.of(acceptance.build());
  }

  private ComparedTokens given(Optional<Path> source) {
    long count = Stream.of(text, tokens, caseFolder).filter(Objects::nonNull).count();
    if (count > 1) {
      throw new InputException(
          "only one of --gate-text, --gate-tokens and --gate-case can be specified");
    }
    if (count == 0 && source.isEmpty()) {
      throw new InputException(
          "--gate needs tokens: add --gate-text, --gate-tokens or --gate-case");
    }
    return new ComparedTokens(text, tokens, count == 0 ? source.orElseThrow() : caseFolder);
  }

  private static GraphRequest inFloat32(GraphRequest graph) {
    var emit = graph.emit();
    var wide = new EmitOptions(emit.opset(), emit.target(), Precision.FLOAT32);
    if (wide.equals(emit)) {
      throw new InputException(
          "--gate compares an export with the same one in float32, which this is; add --quantize,"
              + " --cache-dtype or --dtype, or a reference with --against");
    }
    return graph.toBuilder().emit(wide).lastLogits(false).build();
  }
}
