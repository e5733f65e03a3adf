package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.generation.GenerationRequest;
import ai.transonnx.runtime.sampling.ContrastiveDecoding;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of contrastive decoding. */
final class ContrastiveOptions {
  private static final ContrastiveDecoding DEFAULT = ContrastiveDecoding.ofLibrary();

  @Option(
      names = "--amateur",
      paramLabel = "MODEL.onnx",
      description =
          "A smaller model of the same vocabulary, whose logits are subtracted (contrastive"
              + " decoding). Sampling then has no filter by default.")
  private @Nullable Path amateur;

  @Option(
      names = "--contrastive-alpha",
      paramLabel = "A",
      description =
          "With --amateur: exclude the tokens whose probability is less than A * (highest"
              + " probability) (default: 0.1).")
  private @Nullable Double alpha;

  @Option(
      names = "--contrastive-beta",
      paramLabel = "B",
      description = "With --amateur: the logits are (1 + B) * model - B * amateur (default: 0.5).")
  private @Nullable Double beta;

  /** A loaded amateur, or none. */
  record Loaded(Optional<OnnxModel> model, ContrastiveDecoding contrast) implements AutoCloseable {
    /** Adds the amateur to a request. */
    GenerationRequest.Builder addTo(GenerationRequest.Builder request) {
      model.ifPresent(one -> request.amateur(one, contrast));
      return request;
    }

    @Override
    public void close() {
      model.ifPresent(OnnxModel::close);
    }
  }

  /**
   * Loads the amateur, if there is one.
   *
   * @throws InputException if the other options are used without one
   */
  Loaded load(ModelOptions options) {
    if (amateur == null && (alpha != null || beta != null)) {
      throw new InputException(
          "%s needs --amateur, the model whose logits are subtracted"
              .formatted(alpha != null ? "--contrastive-alpha" : "--contrastive-beta"));
    }
    var contrast =
        new ContrastiveDecoding(
            alpha == null ? DEFAULT.alpha() : alpha, beta == null ? DEFAULT.beta() : beta);
    return new Loaded(
        Optional.ofNullable(amateur).map(file -> GivenModel.load(file, options)), contrast);
  }
}
